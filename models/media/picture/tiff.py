"""The first page's directory of a TIFF, judged before any decoder sees it (TIFF 6.0; BigTIFF)."""

import struct
from typing import Final

import numpy as np

_TYPES: Final = {3: "u2", 4: "u4", 13: "u4", 16: "u8"}
_WIDTH, _HEIGHT, _COMPRESSION, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 259, 322, 323
_OFFSETS, _BYTES = (273, 324), (279, 325)
# None, CCITT, LZW, JPEG, deflate, PackBits: the rest is rare, and its decoders are the least looked at.
_COMPRESSIONS: Final = frozenset([1, 2, 3, 4, 5, 7, 8, 32773, 32946])
# Tiles of 16×16 in 50 megapixels.
_MAX_VALUES: Final = 200_000
_MAX_ENTRIES: Final = 1000
_MAX_TILE_MARGIN: Final = 1024


class UnreadCompression(Exception):
    """The pixels are packed in a way that is not read here."""


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height as stored.

    Raises ValueError for what would make a decoder take more memory or time than the picture's pixels are worth, and
    UnreadCompression.
    """
    try:
        tags = _directory(data)
        width, height, compression = (int(tags[tag][0]) for tag in (_WIDTH, _HEIGHT, _COMPRESSION))
    except (KeyError, IndexError, struct.error) as error:
        raise ValueError("directory") from error
    if compression not in _COMPRESSIONS:
        raise UnreadCompression
    tile = [(tags[tag][0], side) for tag, side in ((_TILE_WIDTH, width), (_TILE_HEIGHT, height)) if tag in tags]
    if any(length > side + _MAX_TILE_MARGIN for length, side in tile):
        raise ValueError("tiles larger than the picture")
    if compression != 1:
        _check_parts(tags, len(data))
    return width, height


def _directory(data: bytes) -> dict[int, np.ndarray]:
    """The first page's numbers by tag; texts, bytes and fractions are left out."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    at = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)[0]
    count_format, entry_format, inline = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    entries = struct.unpack_from(order + count_format, data, at)[0]
    at += struct.calcsize(order + count_format)
    if entries > _MAX_ENTRIES:
        raise ValueError("entries")
    tags = {}
    for _ in range(entries):
        tag, kind, count = struct.unpack_from(order + entry_format, data, at)
        value_at = at + struct.calcsize(order + entry_format)
        at = value_at + inline
        if kind in _TYPES:
            tags[tag] = _values(data, order, kind, count, value_at, inline)
    return tags


def _values(data: bytes, order: str, kind: int, count: int, at: int, inline: int) -> np.ndarray:
    dtype = np.dtype(order + _TYPES[kind])
    if not 0 < count <= _MAX_VALUES:
        raise ValueError("values")
    if count * dtype.itemsize > inline:
        at = struct.unpack_from(order + ("Q" if inline == 8 else "I"), data, at)[0]
    return np.frombuffer(data, dtype, count, at)


def _check_parts(tags: dict[int, np.ndarray], size: int) -> None:
    """Strips or tiles that share their bytes would be unpacked once for each."""
    offsets, counts = (next((tags[tag] for tag in pair if tag in tags), None) for pair in (_OFFSETS, _BYTES))
    if offsets is None or counts is None or len(offsets) != len(counts) or not counts.all():
        raise ValueError("parts")
    if counts.astype(np.float64).sum() > size:
        raise ValueError("parts share bytes")
