"""The chunks of a PNG, before a decoder sees them."""

import zlib
from collections.abc import Iterator

_SIGNATURE_BYTES = 8
_AROUND_BYTES = 12  # length, name and checksum
_ANCILLARY = 0x20  # in the first letter of a name: no decoder needs the chunk


def sound(data: bytes) -> bytes:
    """The file without the chunks that no decoder needs and whose checksum is wrong, as browsers read it."""
    damaged = list(_damaged(data))
    if not damaged:
        return data
    firsts, lasts = [first for first, _ in damaged], [last for _, last in damaged]
    return b"".join(data[first:last] for first, last in zip([0, *lasts], [*firsts, len(data)], strict=True))


def _damaged(data: bytes) -> Iterator[tuple[int, int]]:
    """(first byte, byte behind the last) of each."""
    at, whole = _SIGNATURE_BYTES, memoryview(data)
    while at + _AROUND_BYTES <= len(data):
        last = at + _AROUND_BYTES + int.from_bytes(whole[at : at + 4], "big")
        if data[at + 4] & _ANCILLARY and last <= len(data):
            told = int.from_bytes(whole[last - 4 : last], "big")
            if told != zlib.crc32(whole[at + 4 : last - 4]):
                yield at, last
        at = last


def transparent_grey(data: bytes) -> int | None:
    """The level of grey that is transparent, of 255 where pixels have up to 8 bits, of 65535 where they have 16."""
    at = data.find(b"tRNS", 0, data.find(b"IDAT"))
    bits, colours = data[24:26]
    if at < 0 or colours or len(data) < at + 6:
        return None
    level = int.from_bytes(data[at + 4 : at + 6], "big")
    return level if bits == 16 else level * 255 // (2**bits - 1)
