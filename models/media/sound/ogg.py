"""Chained Ogg: recordings one behind the other in one file (RFC 3533, section 4)."""

from collections.abc import Iterator
from math import nan
from typing import Final, NamedTuple

from models.media.sound.window import Readable, read_at

# Each costs an opening of a millisecond.
MAX_LINKS: Final = 1_000
_CAPTURE = b"OggS\0"
_HEADER_BYTES = 27
_FIRST_PAGE, _LAST_PAGE = 0x02, 0x04
_SEARCHED_BYTES = 2**16
# A page of Opus has 30 s at most; what is more, or less than nothing, is damaged.
_PAGE_SAMPLES = range(1, 2**22)


class Link(NamedTuple):
    """One recording in the chain: its first byte, the byte behind its last, and how many samples its last page
    announces without having them; NaN where nobody knows, because the end mark is missing."""

    first: int
    last: int
    lost: float = 0.0


class _Page(NamedTuple):
    at: int
    flags: int
    position: int
    track: int
    whole: bool


def links(file: Readable) -> list[Link]:
    """Every recording in the chain; ValueError for more than MAX_LINKS."""
    chain: list[list[_Page]] = [[]]
    for page in _pages(file):
        if page.flags & _FIRST_PAGE and any(not before.flags & _FIRST_PAGE for before in chain[-1][-1:]):
            chain.append([])
        chain[-1].append(page)
        if len(chain) > MAX_LINKS:
            raise ValueError("too many links")
    starts = [0, *(pages[0].at for pages in chain[1:])]
    ends = [*starts[1:], file.seek(0, 2)]
    return [Link(first, last, _lost(pages)) for first, last, pages in zip(starts, ends, chain, strict=True)]


def _lost(pages: list[_Page]) -> float:
    """Samples that the last page announces and has not."""
    newest = {page.track: page for page in pages}
    if pages and not pages[-1].whole and len(newest) == 1:
        announced = pages[-1].position - max(page.position for page in pages[:-1] or pages)
        return announced if announced in _PAGE_SAMPLES else nan
    ended = all(page.flags & _LAST_PAGE and page.whole for page in newest.values())
    return 0.0 if ended else nan


def _pages(file: Readable) -> Iterator[_Page]:
    """Every page that has a header; bytes that are none are passed over."""
    at = _found(file, 0)
    while len(head := read_at(file, at, _HEADER_BYTES)) == _HEADER_BYTES:
        end = at + _HEADER_BYTES + head[26] + sum(file.read(head[26]))
        # The next page may begin within one that was cut off.
        follows = end if read_at(file, end, len(_CAPTURE)) == _CAPTURE else _found(file, at + _HEADER_BYTES)
        position, track = int.from_bytes(head[6:14], "little", signed=True), int.from_bytes(head[14:18], "little")
        yield _Page(at, head[5], position, track, whole=end <= follows)
        at = follows


def _found(file: Readable, at: int) -> int:
    """Where the next page begins; the end of the file where there is none."""
    while len(passed := read_at(file, at, _SEARCHED_BYTES)) >= len(_CAPTURE):
        found = passed.find(_CAPTURE)
        if found >= 0:
            return at + found
        at += len(passed) - len(_CAPTURE) + 1
    return at + len(passed)
