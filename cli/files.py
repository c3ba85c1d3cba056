"""Which files are meant, and where their results go."""

import functools
import glob
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from models.media.file_names import split
from models.media.file_types import Family, belongs, is_clutter
from models.tasks import TASKS
from models.tasks.options import options_of
from models.weights import atomic_file, stale_files

STANDARD = "-"
EARLIER = "earlier results"
NAME_BYTES = 255  # of common file systems

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

    def read(self, most: int) -> bytes:
        """Of a file larger than `most` bytes one more: enough for the studio to say that it is too large."""
        if self.path is None:
            return sys.stdin.buffer.read(most + 1)
        with self.path.open("rb") as file:
            return file.read(most + 1)


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
        elif os.path.isdir(name):
            _search(Path(name), family, found)
        else:
            paths = _named(name)
            own = [path for path in paths if not is_clutter(path.name)] if len(paths) + len(given) > 2 else paths
            found.inputs += [Input(path) for path in own]
            _leave(found, "hidden or of the system", len(paths) - len(own))
    return _once(found)


def _once(found: Found) -> Found:
    """Each file where it was named first: folders, globs and names may all mean it."""
    first: dict[str | None, Input] = {}
    for source in found.inputs:
        first.setdefault(os.path.abspath(source.path) if source.path else None, source)
    _leave(found, "named twice", len(found.inputs) - len(first))
    found.inputs = list(first.values())
    return found


def _named(name: str) -> list[Path]:
    """The files that a name or a glob means."""
    if os.path.exists(name):  # which, unlike Path, takes no name for too long
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
    for path in sorted(_below(folder, found)):
        inside = path.relative_to(folder)
        if kind := _no_input(path, inside, family, results):
            _leave(found, kind)
        else:
            found.inputs.append(Input(path, inside.parent))


def _below(folder: Path, found: Found) -> Iterator[Path]:
    """Everything in the folder that is no folder itself; links to folders are not followed, since they may go in a
    circle."""
    for parent, folders, names in os.walk(folder, onerror=lambda _: _leave(found, "folder(s) that cannot be read")):
        yield from (Path(parent, name) for name in names)
        _leave(found, "link(s) to folders", sum(os.path.islink(Path(parent, name)) for name in folders))


def _no_input(path: Path, inside: Path, family: Family, results: set[str]) -> str | None:
    """Why a file in a folder is left out; None for one that is meant."""
    if is_clutter(inside.as_posix()):
        return "hidden or of the system"
    if not os.path.isfile(path):
        return "link(s) to nowhere" if os.path.islink(path) else "pipe(s) or device(s)"
    if Path(path.stem).suffix.removeprefix(".") in results:
        return EARLIER
    return None if belongs(path, family) else "of other kinds"


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
    """Where each result goes, its name ending in `result`; two inputs never share one, and none takes the place of one
    of `inputs`.

    `out` is a folder where it is one already, ends in a slash, or more than one file is to come; else a file. A text
    is written only where `out` says so.
    """

    def __init__(self, out: str | None, result: str, *, many: bool, inputs: Sequence[Input] = ()) -> None:
        self._out, self._result = out, result
        self._many = many or (out is not None and (out.endswith("/") or Path(out).is_dir()))
        self._taken: dict[str, Input | None] = {os.path.abspath(one.path): None for one in inputs if one.path}

    def of(self, source: Input) -> Path | None:
        """None where the result goes to standard output."""
        if self._out == STANDARD or (self._out is None and (source.path is None or is_text(self._result))):
            return None
        if self._out is not None and not self._many:
            return Path(self._out)
        folder = Path(self._out) / source.inside if self._out else (source.path or Path()).parent
        stem = _stem(source.path) if source.path else "stdin"
        names = (_fitting(stem, f"{mark}.{self._result}") for mark in chain([""], (f"-{n}" for n in count(2))))
        return next(path for path in map(folder.joinpath, names) if self._is_for(path, source))

    def _is_for(self, path: Path, source: Input) -> bool:
        return self._taken.setdefault(os.path.abspath(path), source) == source


def _stem(path: Path) -> str:
    return split(path.name)[0] or path.name


def _fitting(stem: str, ending: str) -> str:
    """Both, the stem cut between two letters where the name would be too long."""
    room = NAME_BYTES - len(os.fsencode(ending))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + ending


def write(target: Path, content: bytes) -> None:
    """Whole or not at all: nobody who watches the folder sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    atomic_file.write(target, content)
