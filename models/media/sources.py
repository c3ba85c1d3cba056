"""A file as a door has it: its bytes, its path, or an open file."""

from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

Source = bytes | Path | BinaryIO


def read(source: Source, limit: int) -> bytes:
    """The bytes, at most one more than `limit`: enough to see that there are too many."""
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(limit + 1)
    source.seek(0)
    return source.read(limit + 1)


def size_of(source: Source) -> int:
    """Bytes."""
    if isinstance(source, bytes):
        return len(source)
    return source.stat().st_size if isinstance(source, Path) else source.seek(0, SEEK_END)
