"""Bytes arriving in a folder that others may use too: beside first, in place only when whole and verified."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from models.weights import stale_files
from models.weights.lease import Lease
from models.weights.manifest import Entry, Files, sha256_of

Progress = Callable[[int, int], None]

PART_SUFFIX = ".incomplete"


class Meter:
    """Adds up the bytes of all files for one progress callback."""

    def __init__(self, progress: Progress, listed: Files) -> None:
        self._progress = progress
        self._sizes = {name: entry.size for name, entry in listed.items()}
        self._done = dict.fromkeys(listed, 0)

    def reach(self, name: str, size: int) -> None:
        """`size` bytes of the file are there."""
        self._done[name] = size
        self._progress(sum(self._done.values()), sum(self._sizes.values()))

    def finish(self, name: str) -> None:
        """All of the file is there."""
        self.reach(name, self._sizes[name])


def part_of(target: Path, lease: Lease) -> Path:
    """Where `target` grows under this lease, beginning with what an earlier holder had of it.

    No file ever has two writers: where the earlier one is not known to be gone, only a copy is taken.
    """
    part = target.with_name(f"{target.name}.{lease.mark}{PART_SUFFIX}")
    for begun in sorted(_parts(target), key=size_of):
        if begun != part:
            begun.replace(part) if stale_files.is_dead(begun.name) else shutil.copyfile(begun, part)
            begun.unlink(missing_ok=True)
    return part


def same(path: Path, entry: Entry) -> bool:
    """Is the file there with this size and content?"""
    if size_of(path) != entry.size or not path.is_file():
        return False
    return not entry.sha256 or sha256_of(path) == entry.sha256


def settle(part: Path, target: Path) -> None:
    """Puts a verified file in its place in one step; a different one there is kept as `.damaged`."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    aside = target.with_name(f"{target.name}.damaged")
    with suppress(OSError):
        if target.exists():
            aside.unlink(missing_ok=True)
            os.link(target, aside)
    os.replace(part, target)


def discard_parts(target: Path) -> None:
    """Removes what is left of earlier attempts at a file that is there now."""
    for part in _parts(target):
        part.unlink(missing_ok=True)


def _parts(target: Path) -> list[Path]:
    found = target.parent.glob(f"{target.name}.~*{PART_SUFFIX}")
    return [path for path in found if stale_files.mark_in(path.name)]


def size_of(path: Path) -> int:
    """Bytes in the file, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
