"""TIFFs that Pillow takes for something else, as files that it reads: of the first page only the directory is new."""

import struct
from typing import Final

import numpy as np

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_SHORT, _LONG, _LONG8 = 3, 4, 16
_BIG_ENDIAN_BIG: Final = b"MM\0+"

Tags = dict[int, tuple[int, bytes]]


def readable(data: bytes) -> bytes:
    """The file; the directory was judged by `tiff.size_of` before. Raises struct.error or KeyError for a broken one."""
    order, tags = tags_of(data)
    return _written(order, tags, bytearray(data)) if data[:4] == _BIG_ENDIAN_BIG else data


def tags_of(data: bytes) -> tuple[str, Tags]:
    """The byte order and, by tag, the type and the bytes of its values."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    count, entry, inline, offset = ("Q", "HHQ", 8, "Q") if big else ("H", "HHI", 4, "I")
    at = struct.unpack_from(order + offset, data, 8 if big else 4)[0]
    entries = struct.unpack_from(order + count, data, at)[0]
    at += struct.calcsize(order + count)
    tags = {}
    for _ in range(entries):
        tag, kind, values = struct.unpack_from(order + entry, data, at)
        at += struct.calcsize(order + entry)
        length = values * _SIZES.get(kind, 0)
        first = at if length <= inline else struct.unpack_from(order + offset, data, at)[0]
        tags[tag] = kind, data[first : first + length]
        at += inline
    return order, tags


def numbers(order: str, tags: Tags, tag: int) -> list[int]:
    """The whole numbers of a tag, none where it is not there."""
    kind, values = tags.get(tag, (_SHORT, b""))
    dtype = {_SHORT: "u2", _LONG: "u4", _LONG8: "u8"}.get(kind)
    return [int(number) for number in np.frombuffer(values, order + dtype)] if dtype else []


def _written(order: str, tags: Tags, data: bytearray) -> bytes:
    """`data` with another directory, of offsets of 32 bits, at its end."""
    first = len(data) + len(data) % 2
    behind = first + 2 + 12 * len(tags) + 4
    entries, rest = struct.pack(order + "H", len(tags)), b""
    for tag, (kind, values) in sorted(tags.items()):
        if kind == _LONG8:
            kind, values = _LONG, np.frombuffer(values, order + "u8").astype(order + "u4").tobytes()
        count = len(values) // _SIZES.get(kind, 1)
        at = struct.pack(order + "I", behind + len(rest))
        entries += struct.pack(order + "HHI", tag, kind, count) + (values.ljust(4, b"\0") if len(values) <= 4 else at)
        rest += values + bytes(len(values) % 2) if len(values) > 4 else b""
    data[:8] = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", first)
    return bytes(data).ljust(first, b"\0") + entries + bytes(4) + rest
