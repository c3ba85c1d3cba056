"""Which files are meant, and where their results go."""

import functools
import glob
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from models.tasks import TASKS
from models.tasks.options import options_of
from models.weights import atomic_file, stale_files

PICTURES = frozenset([".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"])
RECORDINGS = frozenset([".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".m4a", ".aac", ".webm"])
SUFFIXES = {"image": PICTURES, "audio": RECORDINGS}
STANDARD = "-"

_sweep = functools.cache(stale_files.sweep)  # once a folder, however many results go there


class Misuse(Exception):
    """What was asked for makes no sense; the sentence says what to change."""


@dataclass(frozen=True)
class Input:
    """One file; None is standard input. `inside` is its folder relative to the one that was given."""

    path: Path | None
    inside: Path = Path()

    @property
    def name(self) -> str:
        return STANDARD if self.path is None else str(self.path)

    def read(self) -> bytes:
        return sys.stdin.buffer.read() if self.path is None else self.path.read_bytes()


def expand(given: Iterable[str], source: str) -> Iterator[Input]:
    """Files by themselves, folders with all of a task's `source` below them, globs. Raises Misuse where nothing is."""
    for name in given:
        if name == STANDARD:
            yield Input(None)
        elif Path(name).is_dir():
            yield from _folder(Path(name), source)
        elif Path(name).exists():
            yield Input(Path(name))
        else:
            found = sorted(glob.glob(name, recursive=True))
            if not found:
                raise Misuse(f"there is no file or folder '{name}'")
            yield from (Input(Path(path)) for path in found if Path(path).is_file())


def _folder(folder: Path, source: str) -> Iterator[Input]:
    results = _results()
    for path in sorted(folder.rglob("*")):
        is_result = Path(path.stem).suffix.removeprefix(".") in results
        if path.suffix.lower() in SUFFIXES[source] and path.is_file() and not is_result:
            yield Input(path, path.parent.relative_to(folder))


def _results() -> set[str]:
    """What the names of all tasks' results end in, before the suffix."""
    found = {task.result for task in TASKS.values()}
    for task in TASKS.values():
        outputs = next((option.choices for option in options_of(task.options) if option.name == "output"), ())
        found |= {Path(task.file_name(task.options(output=output))).stem for output in outputs}
    return found


def is_text(result: str) -> bool:
    """Whether a result is told in words where no file was asked for."""
    return result.endswith(".json")


class Targets:
    """Where each result goes, its name ending in `result`; two inputs never share one.

    `out` is a folder where it is one already, ends in a slash, or more than one file is to come; else a file. A text
    is written only where `out` says so.
    """

    def __init__(self, out: str | None, result: str, *, many: bool) -> None:
        self._out, self._result = out, result
        self._many = many or (out is not None and (out.endswith("/") or Path(out).is_dir()))
        self._taken: dict[Path, Input] = {}

    def of(self, source: Input) -> Path | None:
        """None where the result goes to standard output."""
        if self._out == STANDARD or (self._out is None and (source.path is None or is_text(self._result))):
            return None
        if self._out is not None and not self._many:
            return Path(self._out)
        folder = Path(self._out) / source.inside if self._out else (source.path or Path()).parent
        stem = source.path.stem if source.path else "stdin"
        names = (f"{stem}{mark}.{self._result}" for mark in chain([""], (f"-{n}" for n in count(2))))
        return next(path for path in map(folder.joinpath, names) if self._taken.setdefault(path, source) == source)


def write(target: Path, content: bytes) -> None:
    """Whole or not at all: nobody who watches the folder sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    atomic_file.write(target, content)
