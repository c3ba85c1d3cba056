"""What the program says: results on standard output, everything else on standard error."""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tqdm import tqdm

from cli.client import Reply
from cli.files import Input
from models.finish.emotion_report import NAMED, verdict
from models.runtime.resident import Status

# Control characters, marks that turn the direction of writing around, bytes that are no UTF-8.
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\udc80-\udcff]")
FACTS = ("faces", "enlarged_from", "copies", "quality", "fits", "head")  # told by name where a task knows them


class Report:
    """A progress bar where a person looks on, a line for each file, one JSON object a line where asked for."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self._json, self._quiet = as_json, quiet
        self._bar: tqdm[Any] | None = None
        self._sample_told = False
        self._state = ""
        self._left: Counter[str] = Counter()
        self.failed = self.done = self.skipped = self.replaced = 0

    def loading(self, status: Status) -> None:
        """A line for each new state, with whole tenths of a download."""
        line = f"{status.key}: {status.progress}"
        if line != self._state:
            self._state = line
            self.say(line)

    def begin(self, total: int | None) -> None:
        """`total` files are to come; None: nobody knows how many."""
        hidden = self._quiet or not sys.stderr.isatty() or total == 1
        self._bar = tqdm(total=total, unit="file", disable=hidden, file=sys.stderr)

    def ok(self, source: Input, target: Path | None, reply: Reply, seconds: float) -> None:
        """`target` is where the result was written; None: nowhere."""
        self.done += 1
        self._tell_sample(reply)
        if self._json:
            self._print(json.dumps(_described(source, target, reply, seconds), ensure_ascii=False))
        elif target is not None:
            self._print(f"{plain(source.name)} -> {plain(str(target))}" + _concern(reply))
        else:
            self._print(f"{plain(source.name)}: {_words(json.loads(reply.content))}" + _concern(reply))
        self._step()

    def passed_on(self, source: Input, reply: Reply) -> None:
        """The result itself went to standard output."""
        self.done += 1
        self._tell_sample(reply)
        if concern := _concern(reply):
            self.say(plain(source.name) + concern)
        self._step()

    def bad(self, source: Input, code: str, message: str) -> None:
        self.failed += 1
        if self._json:
            facts = {"input": source.name, "ok": False, "error": {"code": code, "message": message}}
            self._print(json.dumps(facts, ensure_ascii=False))
        else:
            tqdm.write(f"{plain(source.name)}: {message}", file=sys.stderr)
        self._step()

    def left_out(self, counts: Counter[str]) -> None:
        """What lies in the folders besides what is worked on, each time that this changes."""
        if counts and counts != self._left:
            self.say("left out: " + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
        self._left = counts

    def skip(self) -> None:
        self.skipped += 1
        self._step()

    def say(self, text: str) -> None:
        if not self._quiet:
            tqdm.write(f"prewarm: {text}", file=sys.stderr)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.close()
        counts = {"done": self.done, "failed": self.failed, "skipped": self.skipped}
        if self.replaced:
            counts["earlier files replaced"] = self.replaced
        if sum(counts.values()) > 1:
            self.say(", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "done"))

    def _tell_sample(self, reply: Reply) -> None:
        if reply.source == "sample" and not self._sample_told:
            self._sample_told = True
            self.say("results come from a sample model, made for trying the studio; real weights do far better")

    def _print(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)
        sys.stdout.flush()

    def _step(self) -> None:
        if self._bar is not None:
            self._bar.update()


def plain(name: str) -> str:
    """A name as a terminal may show it: bytes that are no UTF-8, and control characters, as `\\xe9`."""
    return _UNSHOWN.sub(lambda found: _escaped(ord(found[0])), name)


def _escaped(letter: int) -> str:
    return f"\\u{letter:04x}" if 0xFF < letter < 0xD800 else f"\\x{letter & 0xFF:02x}"


def _words(result: dict[str, Any]) -> str:
    """`happy 61 %, neutral 20 %, sad 9 %`; whether that is clear, and what the parts say."""
    found = verdict(result)
    if found is None:
        return "no voice heard"
    strongest = sorted(result["scores"].items(), key=lambda pair: -pair[1])[:NAMED]
    told = ", ".join(f"{name} {100 * score:.0f} %" for name, score in strongest)
    parts = f"; by parts mostly {found.by_parts}" if found.by_parts else ""
    return ("" if found.clear else "no clear emotion: ") + told + parts


def _concern(reply: Reply) -> str:
    """What there is to say about a result that is not as it might be."""
    warning = json.loads(reply.content).get("warning") if _is_json(reply) else None
    return f": {warning}" if warning else _beyond_limit(reply)


def _is_json(reply: Reply) -> bool:
    return reply.headers.get("content-type", "").startswith("application/json")


def _beyond_limit(reply: Reply) -> str:
    """What there is to say about a limit on the file's size."""
    if reply.fact("fits") != 0:
        return ""
    return f": {len(reply.content) / 1000:.0f} KB, more than --id-limit; nothing smaller can be made of it"


def _described(source: Input, target: Path | None, reply: Reply, seconds: float) -> dict[str, Any]:
    output = None if target is None else str(target)
    facts: dict[str, Any] = {"input": source.name, "ok": True, "output": output, "seconds": round(seconds, 3)}
    facts["source"] = reply.source
    facts |= {name: fact for name in FACTS if (fact := reply.fact(name)) is not None}
    if _is_json(reply):
        facts["result"] = json.loads(reply.content)
    return facts
