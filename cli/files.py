"""Which files are meant, and where their results go."""

import functools
import glob
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from models.catalog import Family
from models.weights import atomic_file, stale_files

PICTURES = frozenset([".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"])
RECORDINGS = frozenset([".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".m4a", ".aac", ".webm"])
SUFFIXES: dict[Family, frozenset[str]] = {"cartoon": PICTURES, "matting": PICTURES, "emotion": RECORDINGS}
RESULT: dict[Family, str] = {"cartoon": "cartoon", "matting": "cutout", "emotion": "emotion"}
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


def expand(given: Iterable[str], task: Family) -> Iterator[Input]:
    """Files by themselves, folders with all of the task's kind below them, globs. Raises Misuse where nothing is."""
    for name in given:
        if name == STANDARD:
            yield Input(None)
        elif Path(name).is_dir():
            yield from _folder(Path(name), task)
        elif Path(name).exists():
            yield Input(Path(name))
        else:
            found = sorted(glob.glob(name, recursive=True))
            if not found:
                raise Misuse(f"there is no file or folder '{name}'")
            yield from (Input(Path(path)) for path in found if Path(path).is_file())


def _folder(folder: Path, task: Family) -> Iterator[Input]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES[task] and path.is_file() and not _is_result(path):
            yield Input(path, path.parent.relative_to(folder))


def _is_result(path: Path) -> bool:
    return Path(path.stem).suffix.removeprefix(".") in (*RESULT.values(), "alpha")


class Targets:
    """Where each result goes; two inputs never share one.

    `out` is a folder where it is one already, ends in a slash, or more than one file is to come; else a file. An
    emotion is written only where `out` says so.
    """

    def __init__(self, out: str | None, fields: Mapping[str, str], *, task: Family, many: bool) -> None:
        self._out, self._task = out, task
        self._many = many or (out is not None and (out.endswith("/") or Path(out).is_dir()))
        kind = "alpha" if fields.get("output") == "alpha" else RESULT[task]
        self._ending = f".{kind}." + ("json" if task == "emotion" else fields.get("format", "png"))
        self._taken: dict[Path, Input] = {}

    def of(self, source: Input) -> Path | None:
        """None where the result goes to standard output."""
        if self._out == STANDARD or (self._out is None and (source.path is None or self._task == "emotion")):
            return None
        if self._out is not None and not self._many:
            return Path(self._out)
        folder = Path(self._out) / source.inside if self._out else (source.path or Path()).parent
        stem = source.path.stem if source.path else "stdin"
        names = (stem + mark + self._ending for mark in chain([""], (f"-{n}" for n in count(2))))
        return next(path for path in map(folder.joinpath, names) if self._taken.setdefault(path, source) == source)


def write(target: Path, content: bytes) -> None:
    """Whole or not at all: nobody who watches the folder sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    atomic_file.write(target, content)
