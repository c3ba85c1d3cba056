"""Chained Ogg: recordings one behind the other in one file (RFC 3533, section 4)."""

from collections.abc import Iterator
from typing import Final

from models.media.sound.window import Readable

# Each costs an opening of a millisecond.
MAX_LINKS: Final = 1_000
_HEADER_BYTES = 27
_FIRST_PAGE = 0x02
_SEARCHED_BYTES = 2**16


def links(file: Readable) -> list[tuple[int, int]]:
    """(first byte, byte behind the last) of every recording in the chain; ValueError for more than MAX_LINKS."""
    starts, in_headers = [0], True
    for at, flags in _pages(file):
        first = bool(flags & _FIRST_PAGE)
        if first and not in_headers:
            starts.append(at)
        in_headers = first
        if len(starts) > MAX_LINKS:
            raise ValueError("too many links")
    ends = [*starts[1:], file.seek(0, 2)]
    return list(zip(starts, ends, strict=True))


def _pages(file: Readable) -> Iterator[tuple[int, int]]:
    """(offset, flags) of every page; bytes that are none are passed over."""
    at = 0
    while len(head := _read_at(file, at, _HEADER_BYTES)) == _HEADER_BYTES:
        if head[:5] == b"OggS\0":
            yield at, head[5]
            at += _HEADER_BYTES + head[26] + sum(file.read(head[26]))
        else:
            passed = _read_at(file, at, _SEARCHED_BYTES)
            found = passed.find(b"OggS\0", 1)
            at += found if found > 0 else max(len(passed) - 4, 1)


def _read_at(file: Readable, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)
