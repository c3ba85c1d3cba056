"""Where in a file the recording starts, and what it is: tags, padding and stray bytes may lie before it."""

import re
from typing import Final

from models.media.file_types import HEAD_BYTES, Kind, kind_of
from models.media.sound.joined import HEADS
from models.media.sound.window import Readable, read_at

# Frames are looked for this far behind the tags.
SEARCHED_BYTES: Final = 64 * 2**10
_MAX_TAGS = 8
_FRAMES_IN_A_ROW = 3

_SYNC = re.compile(rb"\xff[\xe0-\xff]")
_BITRATES = {
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_LOW_BITRATES = {
    1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_LOW_BITRATES[3] = _LOW_BITRATES[2]
_RATES = (44_100, 48_000, 32_000)


def find_recording(file: Readable) -> tuple[int, Kind | None]:
    """(offset, format) of what lies behind tags and padding; the format is None where nothing is known."""
    start = _behind_zeros(file, _behind_tags(file))
    head = read_at(file, start, SEARCHED_BYTES)
    kind = kind_of(head[:HEAD_BYTES])
    if kind:
        return start, kind
    padding = len(head) - len(head.lstrip(b"\0"))
    if padding and (kind := kind_of(head[padding : padding + HEAD_BYTES])):
        return start + padding, kind
    for match in _SYNC.finditer(head):
        if _frames_at(head, match.start()):
            return start + match.start(), kind_of(head[match.start() : match.start() + HEAD_BYTES])
    for name, pattern in HEADS.items():
        if found := pattern.search(head):
            return start + found.start(), Kind(name, "recording")
    # A tag and nothing known behind it: players take it for an MP3.
    return (0, Kind("MP3", "recording")) if start else (0, None)


def _behind_tags(file: Readable) -> int:
    at, size = 0, file.seek(0, 2)
    for _ in range(_MAX_TAGS):
        before = at
        head = read_at(file, at, 32)
        if head[:3] == b"ID3" and len(head) >= 10:
            footer = 10 if head[5] & 0x10 else 0
            at += (
                10 + footer + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
            )
        elif head[:8] == b"APETAGEX" and len(head) == 32:
            at += 32 + int.from_bytes(head[12:16], "little")
        else:
            return at
        if at > size:
            # The tag lies about its length: frames may follow anywhere.
            return before + 10
    return at


def _behind_zeros(file: Readable, at: int) -> int:
    """Where the first piece of SEARCHED_BYTES begins that is not all zeros; `at` itself where there is none."""
    behind = at
    while head := read_at(file, behind, SEARCHED_BYTES):
        if head.count(0) < len(head):
            return behind
        behind += len(head)
    return at


def _frames_at(data: bytes, at: int) -> bool:
    """Whether several MPEG or ADTS frames of one kind follow each other."""
    first = data[at : at + 3]
    for _ in range(_FRAMES_IN_A_ROW):
        header = data[at : at + 6]
        same = header[:2] == first[:2] and len(header) == 6 and header[2] & 0x0C == first[2] & 0x0C
        length = _frame_length(header) if same else 0
        if not length:
            return False
        at += length
    return True


def _frame_length(header: bytes) -> int:
    """Bytes of the MPEG (ISO/IEC 11172-3) or ADTS frame with this header; 0 when it is none."""
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    if layer == 4:
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        return length if header[1] & 0xF0 == 0xF0 and length > 7 else 0
    index, rate_index = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or index in (0, 15) or rate_index == 3:
        return 0
    bitrate = (_BITRATES if version == 3 else _LOW_BITRATES)[layer][index - 1] * 1000
    rate = _RATES[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return (12 * bitrate // rate + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bitrate // rate + padding
