"""What the tables of an MP4 claim, looked at before FFmpeg believes them (ISO/IEC 14496-12)."""

import re
import struct
from collections.abc import Iterator
from typing import Final

from models.media.sound.window import Mended, Readable, Window, read_at

# FFmpeg makes 32 bytes of index for every sample claimed: 8 KB of file could ask for 2 GB. An hour of sound and
# film has 400 000 samples.
MAX_SAMPLES: Final = 1_000_000
_MAX_TABLE_BYTES = 32 * 2**20
# Live recordings have two boxes per fragment of a tenth of a second or more.
_MAX_BOXES = 200_000

_SEARCHED_BYTES: Final = 2**20
_MAX_MENDED: Final = 100
_NAME: Final = re.compile(rb"[A-Za-z0-9 \xa9]{4}")
_FRAGMENT: Final = re.compile(rb"(.{4})moof", re.DOTALL)

# Only samples of one fixed size can be claimed without spending bytes on each. Looking ahead, so that no match
# hides behind another.
_FIXED_SIZE_TABLE = re.compile(rb"(?=stsz.{4}(.{4})(.{4}))", re.DOTALL)
_FRAGMENT_RUN = re.compile(rb"(?=trun.{4}(.{4}))", re.DOTALL)


def is_believable(file: Readable) -> bool:
    """Whether the tables claim no more than a long recording has; the file is left at its start."""
    samples = table_bytes = 0
    believable = True
    for number, table in enumerate(_tables(file)):
        samples += _samples(table)
        table_bytes += len(table)
        # Compressed tables ("cmov") went out of use in 1999, and could hide any claim.
        if number > _MAX_BOXES or table_bytes > _MAX_TABLE_BYTES or samples > MAX_SAMPLES or b"cmov" in table:
            believable = False
            break
    file.seek(0)
    return believable


def mended(file: Readable) -> Window:
    """The file with every place at its outermost level that is no box passed over, up to the next fragment."""
    patches: dict[int, bytes] = {}
    at, size = 0, file.seek(0, 2)
    while len(head := read_at(file, at, 16)) >= 8 and len(patches) < _MAX_MENDED:
        length = _length(head, size - at)
        if not length:
            length = _next_fragment(file, at, size) - at
            patches[at] = struct.pack(">I4s", length, b"free")
        at += length
    return Mended(file, 0, size, patches)


def _length(head: bytes, left: int) -> int:
    """Bytes of the box with this head, 0 where it is none; the last one may lack its end or say nothing of it."""
    length = int.from_bytes(head[:4], "big")
    if length == 1:
        length = int.from_bytes(head[8:16], "big")
    if not _NAME.match(head, 4):
        return 0
    return length if length >= 8 else left


def _next_fragment(file: Readable, at: int, size: int) -> int:
    """Where the next fragment begins; the end of the file where none does."""
    at += 8
    while len(passed := read_at(file, at, _SEARCHED_BYTES)) >= 8:
        for match in _FRAGMENT.finditer(passed):
            behind = at + match.start() + int.from_bytes(match[1], "big")
            if read_at(file, behind, 8)[4:] == b"mdat":
                return at + match.start()
        at += len(passed) - 7
    return size


def _samples(table: bytes) -> int:
    fixed = sum(int.from_bytes(count, "big") for size, count in _FIXED_SIZE_TABLE.findall(table) if any(size))
    return fixed + sum(int.from_bytes(count, "big") for count in _FRAGMENT_RUN.findall(table))


def _tables(file: Readable) -> Iterator[bytes]:
    """Every box of the outermost level, the samples themselves (`mdat`) left empty."""
    at = 0
    while len(head := read_at(file, at, 16)) >= 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = 2**63
        if size < 8:
            return
        yield b"" if name == b"mdat" else read_at(file, at, min(size, _MAX_TABLE_BYTES + 1))
        at += size
