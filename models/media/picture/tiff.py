"""The first page's directory of a TIFF, judged before any decoder sees it (TIFF 6.0; BigTIFF)."""

import struct
from typing import Final

import numpy as np

from models.media.picture.refusals import save_as_jpeg, too_deep

_TYPES: Final = {3: "u2", 4: "u4", 13: "u4", 16: "u8"}
_WIDTH, _HEIGHT, _COMPRESSION, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 259, 322, 323
_REDUCED, _BITS, _PHOTOMETRIC, _PAGES_BELOW, _FORMATS = 254, 258, 262, 330, 339
_OFFSETS, _BYTES = (273, 324), (279, 325)
# None, CCITT, LZW, JPEG, deflate, PackBits, zstd: the rest is rare, and its decoders are the least looked at.
_COMPRESSIONS: Final = frozenset([1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50000])
_PACKED: Final = {6: "old JPEG", 34887: "LERC", 34925: "LZMA", 50001: "WebP", 50002: "JPEG XL", 34712: "JPEG 2000"}
_PHOTOMETRICS: Final = frozenset([0, 1, 2, 3, 4, 5, 6, 8, 9])
_CIELAB: Final = 8
_RAW: Final = frozenset([32803, 34892])
_MOST_BITS: Final = 16
# Tiles of 16×16 in 50 megapixels.
_MAX_VALUES: Final = 200_000
_MAX_ENTRIES: Final = 1000
_MAX_TILE_MARGIN: Final = 1024


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height as stored.

    Raises ValueError for what would make a decoder take more memory or time than the picture's pixels are worth, and
    WrongKind or BadImage for what is sound and not read here.
    """
    try:
        tags = _directory(data)
        width, height, compression = (int(tags[tag][0]) for tag in (_WIDTH, _HEIGHT, _COMPRESSION))
    except (KeyError, IndexError, struct.error) as error:
        raise ValueError("directory") from error
    _check_kind(tags, compression)
    tile = [(tags[tag][0], side) for tag, side in ((_TILE_WIDTH, width), (_TILE_HEIGHT, height)) if tag in tags]
    if any(length > side + _MAX_TILE_MARGIN for length, side in tile):
        raise ValueError("tiles larger than the picture")
    if compression != 1:
        _check_parts(tags, len(data))
    return width, height


def _check_kind(tags: dict[int, np.ndarray], compression: int) -> None:
    first = {tag: int(values[0]) for tag, values in tags.items() if len(values)}
    photometric = first.get(_PHOTOMETRIC, 0)
    # The first page of a camera's file is a thumbnail, the pixels lie in pages below it.
    if photometric in _RAW or (first.get(_REDUCED, 0) & 1 and _PAGES_BELOW in tags):
        save_as_jpeg("camera RAW")
    if compression not in _COMPRESSIONS:
        save_as_jpeg(f"TIFF ({_PACKED.get(compression, f'compression {compression}')})")
    if photometric not in _PHOTOMETRICS:
        save_as_jpeg(f"TIFF (photometric {photometric})")
    formats = {1, 2, 4} if photometric == _CIELAB else {1, 4}
    if max(tags.get(_BITS, [1])) > _MOST_BITS or {*map(int, tags.get(_FORMATS, [1]))} - formats:
        too_deep()


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
