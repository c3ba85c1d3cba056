"""What a JPEG is coded with, where no decoder here reads it (ITU-T T.81)."""

from collections.abc import Iterator
from typing import Final

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOSSLESS: Final = frozenset([0xC3, 0xC7, 0xCB, 0xCF])
_HIERARCHICAL: Final = frozenset([0xC5, 0xC6, 0xCD, 0xCE])
_BITS: Final = 8
_CHANNELS: Final = (1, 3, 4)
_MAX_SEGMENTS: Final = 10_000
_SCAN: Final = 0xDA


def unread(data: bytes) -> str | None:
    """The name of a kind that is not read, None for all others, damaged ones among them."""
    for marker, at in _segments(data):
        if marker in _FRAMES and at + 10 <= len(data):
            bits, channels = data[at + 2], data[at + 7]
            if marker in _LOSSLESS | _HIERARCHICAL:
                return "lossless JPEG" if marker in _LOSSLESS else "hierarchical JPEG"
            if bits != _BITS:
                return f"{bits}-bit JPEG"
            return None if channels in _CHANNELS else f"{channels}-channel JPEG"
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker before the pixels, and where its length stands."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while at >= 0 and data[at : at + 2] == b"\xff\xff":
            at += 1
        if at < 0 or at + 4 > len(data) or data[at + 1] == _SCAN:
            return
        yield data[at + 1], at + 2
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
