"""Which files are meant, and where their results go."""

import functools
import glob
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from models.media.file_types import Family, belongs, is_clutter
from models.tasks import TASKS
from models.tasks.options import options_of
from models.weights import atomic_file, stale_files

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


@dataclass
class Found:
    """The files that are meant, and how many others lie in the folders that were given, by what they are."""

    inputs: list[Input] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def expand(given: Sequence[str], family: Family) -> Found:
    """Files by themselves, folders with every file of `family` below them, globs, by whomever they were resolved.
    Raises Misuse where nothing is."""
    found = Found()
    for name in given:
        if name == STANDARD:
            found.inputs.append(Input(None))
        elif Path(name).is_dir():
            _search(Path(name), family, found)
        else:
            paths = _named(name)
            own = [path for path in paths if not is_clutter(path.name)] if len(paths) + len(given) > 2 else paths
            found.inputs += [Input(path) for path in own]
            _leave(found, "hidden or of the system", len(paths) - len(own))
    return found


def _named(name: str) -> list[Path]:
    """The files that a name or a glob means."""
    if Path(name).exists():
        return [Path(name)]
    found = [Path(path) for path in sorted(glob.glob(name, recursive=True))]
    if not found:
        raise Misuse(f"there is no file or folder '{name}'")
    return [path for path in found if path.is_file()]


def _leave(found: Found, kind: str, count: int = 1) -> None:
    if count:
        found.left[kind] += count


def _search(folder: Path, family: Family, found: Found) -> None:
    results = _results()
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        inside = path.relative_to(folder)
        if is_clutter(inside.as_posix()):
            _leave(found, "hidden or of the system")
        elif Path(path.stem).suffix.removeprefix(".") in results:
            _leave(found, "earlier results")
        elif not belongs(path, family):
            _leave(found, "of other kinds")
        else:
            found.inputs.append(Input(path, inside.parent))


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
