"""What a file announces of its length: one that was cut off holds less."""

from __future__ import annotations

import re
import struct
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal

from models.media.sound.window import Readable, read_at

if TYPE_CHECKING:
    from av.container import InputContainer

# Live streams announce nothing, or what their field can hold at most.
UNBELIEVABLE_SECONDS: Final = 100 * 3_600
UNBELIEVABLE_BYTES: Final = 0x7F000000
# Of an MP3's frame, where it stands how many follow; of the header of a film.
HEAD_BYTES: Final = {"mp3": 64, "asf": 2**13, "flv": 2**13}
# The samples lie in one piece, whose bytes the header counts.
CHUNKED: Final = ("wav", "w64", "aiff", "au", "voc", "nistsphere", "iff")
_XING: Final = re.compile(rb"(?:Xing|Info)\0\0\0[\x01\x03\x05\x07\x09\x0b\x0d\x0f](.{4})", re.DOTALL)
_VBRI: Final = re.compile(rb"VBRI\0\x01.{8}(.{4})", re.DOTALL)
_FLV: Final = re.compile(rb"\0\x08duration\0(.{8})", re.DOTALL)
_ASF: Final = re.compile(
    rb"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\0\xc0\x0c\x20\x53\x65.{48}(.{8}).{8}(.{8})(.)", re.DOTALL
)
_BROADCAST: Final = 1
_NIST: Final = re.compile(rb"(?:sample_count|channel_count|sample_n_bytes) -i (\d{1,12})")
# Coders fill their first and last frame. In Matroska recorders write what their own clock said.
_ROUNDING: Final = {"matroska": 0.5}
_ROUNDING_SECONDS: Final = 0.15


def announced_end(container: InputContainer, track: Any, format: str) -> float:
    """When the file says that the track ends, in seconds on the clock of its packets; 0 where it says nothing.

    FFmpeg guesses lengths from the size of a file: only those are taken that stand in a header.
    """
    seconds = 0.0
    if format == "matroska":
        seconds = (container.duration or 0) / 1e6
    elif format == "avi":
        seconds = float(track.frames * track.time_base)
    elif format == "caf" and track.codec_context.name.startswith("pcm_"):
        seconds = track.frames / track.codec_context.sample_rate
    elif format in ("mp4", "flac", "caf", "tta", "wv", "mxf", "rm"):
        seconds = float(((track.start_time or 0) + (track.duration or 0)) * track.time_base)
    return seconds if seconds < UNBELIEVABLE_SECONDS else 0.0


def announced_in_head(head: bytes, format: str) -> float:
    """Seconds that the first bytes of a film announce, which FFmpeg forgets; 0 where they say nothing."""
    seconds = 0.0
    if format == "flv" and (found := _FLV.search(head)):
        seconds = struct.unpack(">d", found[1])[0]
    elif format == "asf" and (found := _ASF.search(head)) and not found[3][0] & _BROADCAST:
        played, before = (int.from_bytes(found[part], "little") for part in (1, 2))
        seconds = played / 1e7 - before / 1e3
    return seconds if 0 < seconds < UNBELIEVABLE_SECONDS else 0.0


def gap(announced: float, there: float, format: str = "") -> float:
    """Seconds announced and not there; 0 where rounding explains it."""
    seconds = announced - there
    return seconds if seconds >= _ROUNDING.get(format, _ROUNDING_SECONDS) else 0.0


class Frames:
    """The frames that MP3s announce in their first one, one behind the other."""

    def __init__(self) -> None:
        self.told = False
        self._left, self._seconds, self._lost = 0, 0.0, 0.0

    def see(self, frame: memoryview | bytes, seconds: float) -> bool:
        """Whether a frame of so many seconds announces others, and holds no sound."""
        told = _frames_told(bytes(frame))
        if told:
            self.told, self._lost, self._left = True, self.gap(), told
        else:
            self._left, self._seconds = self._left - 1, seconds or self._seconds
        return bool(told)

    def gap(self) -> float:
        """Seconds of frames announced and not there."""
        return self._lost + gap(self._left * self._seconds, 0)


def _frames_told(frame: bytes) -> int:
    """How many frames follow this one, where it says so; tags may lie before it. Else 0."""
    told = _XING.search(frame) or _VBRI.search(frame)
    return int.from_bytes(told[1], "big") if told else 0


def cut_share(file: Readable) -> float:
    """Bytes of sound that a WAV or one of its like announces beyond its end, as a share of those that are there."""
    start, announced = _samples(file)
    there = file.seek(0, 2) - start
    if not 0 < there < announced < UNBELIEVABLE_BYTES:
        return 0.0
    return (announced - there) / there


def samples_of(file: Readable) -> tuple[int, int]:
    """The first byte of the samples, and the byte behind the last one that is there."""
    start, announced = _samples(file)
    size = file.seek(0, 2)
    return start, min(start + announced, size) if 0 < announced < UNBELIEVABLE_BYTES else size


def _samples(file: Readable) -> tuple[int, int]:
    """Where the samples begin, and how many bytes of them the header announces."""
    order: Literal["big", "little"]
    head = read_at(file, 0, 32)
    if head[:4] in (b".snd", b"dns."):
        order = "little" if head[:4] == b"dns." else "big"
        return int.from_bytes(head[4:8], order), int.from_bytes(head[8:12], order)
    if head[:4] == b"riff":
        return _long_samples(file)
    if head[:8] == b"NIST_1A\n":
        return int(head[8:16]), prod(int(number) for number in _NIST.findall(read_at(file, 0, 1024)))
    if head[:8] == b"Creative":
        block = int.from_bytes(head[20:22], "little")
        kind, *size = read_at(file, block, 4)
        inside = {1: 2, 9: 12}.get(kind, 0)
        return block + 4 + inside, int.from_bytes(size, "little") - inside
    return _chunk_samples(file, "big" if head[:4] in (b"FORM", b"RIFX") else "little")


def _chunk_samples(file: Readable, order: Literal["big", "little"]) -> tuple[int, int]:
    at, long = 12, 0
    while len(head := read_at(file, at, 24)) >= 8:
        name, size = head[:4], int.from_bytes(head[4:8], order)
        if name == b"ds64":
            long = int.from_bytes(head[16:24], "little")
        if name in (b"data", b"SSND", b"BODY"):
            return at + 8, long if long and size == 2**32 - 1 else size
        at += 8 + size + size % 2
    return 0, 0


def _long_samples(file: Readable) -> tuple[int, int]:
    """Of W64: names of 16 bytes and sizes of 64 bits, both counted in; chunks begin at multiples of 8."""
    at = 40
    while len(head := read_at(file, at, 24)) == 24:
        size = int.from_bytes(head[16:], "little")
        if head[:4] == b"data" or size < 24:
            return at + 24, max(size - 24, 0)
        at += size + -size % 8
    return 0, 0
