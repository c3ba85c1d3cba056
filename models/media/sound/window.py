"""A part of a file as a file of its own."""

from collections.abc import Mapping
from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import Protocol


class Readable(Protocol):
    """What a decoder needs of a file."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def read_at(file: Readable, at: int, size: int) -> bytes:
    """At most `size` bytes from `at` on, which a damaged file may claim beyond what a seek takes."""
    file.seek(min(at, 2**62))
    return file.read(size)


class Window:
    """Bytes `start` to `end` (not included) of a file, read in place."""

    def __init__(self, file: Readable, start: int, end: int) -> None:
        self._file, self._start, self._size, self._at = file, start, end - start, 0

    def read(self, size: int = -1) -> bytes:
        left = max(self._size - self._at, 0)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        # libsndfile may seek before the start, where a file would raise.
        base = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        self._at = base + offset if base + offset >= 0 else self._at
        return self._at

    def tell(self) -> int:
        return self._at


class Mended(Window):
    """A window some of whose bytes read differently: `patches` by their place in it."""

    def __init__(self, file: Readable, start: int, end: int, patches: Mapping[int, bytes]) -> None:
        super().__init__(file, start, end)
        self._patches = patches

    def read(self, size: int = -1) -> bytes:
        first = self.tell()
        data = super().read(size)
        return self._patched(first, data) if self._patches else data

    def _patched(self, first: int, read: bytes) -> bytes:
        data = bytearray(read)
        for place, value in self._patches.items():
            for at, byte in enumerate(value, place - first):
                if 0 <= at < len(data):
                    data[at] = byte
        return bytes(data)
