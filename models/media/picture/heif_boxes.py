"""What the boxes of a HEIF file say of its main picture (ISO/IEC 23008-12), before any decoder sees its pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_MAX_BOXES: Final = 10_000
_MAX_EXTENTS: Final = 64
_MAX_TILES: Final = 4_096
_ALPHA: Final = (b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")

Property = tuple[bytes, bytes]


@dataclass
class Item:
    """`kind` as its four letters, its `extents` (place in the file, length), its properties in their order."""

    kind: bytes = b""
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)

    def first(self, name: bytes) -> bytes | None:
        return next((body for kind, body in self.properties if kind == name), None)

    def size(self) -> tuple[int, int]:
        """Width and height as stored."""
        width, height = struct.unpack_from(">4xII", self.first(b"ispe") or b"")
        return int(width), int(height)


@dataclass
class Picture:
    """The main item, the tiles it is made of (itself where there are none), and the item that is its alpha."""

    main: Item
    tiles: list[Item]
    columns: int
    size: tuple[int, int]
    alpha: Item | None


def picture_of(data: bytes) -> Picture:
    """Raises ValueError, KeyError or struct.error for broken boxes."""
    meta = next(data[first:last] for name, first, last in _boxes(data, 0, len(data)) if name == b"meta")
    parts: dict[bytes, tuple[int, int]] = {name: (first, last) for name, first, last in _boxes(meta, 4, len(meta))}
    offset = data.index(meta)
    inside = {name: meta[first:last] for name, (first, last) in parts.items()}
    items = _items(inside[b"iinf"])
    _locate(items, inside[b"iloc"], offset + parts[b"idat"][0] if b"idat" in parts else 0)
    _describe(items, inside[b"iprp"])
    references = list(_references(inside[b"iref"])) if b"iref" in inside else []
    number = struct.unpack_from(">I" if inside[b"pitm"][0] else ">H", inside[b"pitm"], 4)[0]
    return _picture(data, items, references, number)


def content(data: bytes, item: Item) -> bytes:
    """Its bytes; ValueError where they would be read more than once."""
    if sum(length for _, length in item.extents) > len(data):
        raise ValueError("extents share bytes")
    return b"".join(data[at : at + length] for at, length in item.extents)


Reference = tuple[bytes, int, list[int]]


def _picture(data: bytes, items: dict[int, Item], references: list[Reference], number: int) -> Picture:
    main = items[number]
    auxiliary = (items[one] for kind, one, others in references if kind == b"auxl" and number in others)
    alpha = next((item for item in auxiliary if (item.first(b"auxC") or b"")[4:].startswith(_ALPHA)), None)
    if main.kind != b"grid":
        return Picture(main, [main], 1, main.size(), alpha)
    told = content(data, main)
    rows, columns = told[2] + 1, told[3] + 1
    size = struct.unpack_from(">II" if told[1] & 1 else ">HH", told, 4)
    numbers = next(others for kind, one, others in references if kind == b"dimg" and one == number)
    if len(numbers) != rows * columns or len(numbers) > _MAX_TILES:
        raise ValueError("tiles")
    return Picture(main, [items[one] for one in numbers], columns, (int(size[0]), int(size[1])), alpha)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte of the body, byte behind the last) of each box."""
    for _ in range(_MAX_BOXES):
        if at + 8 > end:
            return
        size, name, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        last = at + size if size else end
        if (size and size < head) or last > end:
            return
        yield name, at + head, last
        at = last


def _items(body: bytes) -> dict[int, Item]:
    items = {}
    for name, first, last in _boxes(body, 8 if body[0] else 6, len(body)):
        entry = body[first:last]
        if name == b"infe" and entry[0] >= 2:
            number, kind = struct.unpack_from(">4xI2x4s" if entry[0] == 3 else ">4xH2x4s", entry)
            items[number] = Item(kind)
    return items


class _Numbers:
    """Reads whole numbers of any size one behind the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def next(self, size: int) -> int:
        self._at += size
        if self._at > len(self._data):
            raise ValueError("numbers")
        return int.from_bytes(self._data[self._at - size : self._at], "big")


def _locate(items: dict[int, Item], body: bytes, idat: int) -> None:
    version, numbers = body[0], _Numbers(body, 4)
    sizes = numbers.next(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(numbers.next(4 if version == 2 else 2)):
        item = items.get(numbers.next(4 if version == 2 else 2), Item())
        method = numbers.next(2) & 15 if version else 0
        numbers.next(2)
        start = numbers.next(base) + (idat if method == 1 else 0)
        extents = numbers.next(2)
        if extents > _MAX_EXTENTS:
            raise ValueError("extents")
        for _ in range(extents):
            numbers.next(index if version else 0)
            item.extents.append((start + numbers.next(offset), numbers.next(length)))


def _describe(items: dict[int, Item], body: bytes) -> None:
    parts = {name: body[first:last] for name, first, last in _boxes(body, 0, len(body))}
    ipco = parts[b"ipco"]
    known = [(name, ipco[first:last]) for name, first, last in _boxes(ipco, 0, len(ipco))]
    ipma = parts[b"ipma"]
    wide, numbers = ipma[3] & 1, _Numbers(ipma, 4)
    for _ in range(numbers.next(4)):
        item = items.get(numbers.next(4 if ipma[0] else 2), Item())
        for _ in range(numbers.next(1)):
            place = numbers.next(2) & 0x7FFF if wide else numbers.next(1) & 0x7F
            if 0 < place <= len(known):
                item.properties.append(known[place - 1])


def _references(body: bytes) -> Iterator[Reference]:
    size = 4 if body[0] else 2
    for name, first, last in _boxes(body, 4, len(body)):
        numbers = _Numbers(body[:last], first)
        one = numbers.next(size)
        yield name, one, [numbers.next(size) for _ in range(numbers.next(2))]
