"""What a file announces of its length: one that was cut off holds less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from models.media.sound.window import Readable, read_at

if TYPE_CHECKING:
    from av.container import InputContainer

# Live streams announce nothing, or what their field can hold at most.
UNBELIEVABLE_SECONDS: Final = 100 * 3_600
UNBELIEVABLE_BYTES: Final = 0x7F000000
FRAME_HEAD_BYTES: Final = 64  # of an MP3's frame: how many follow stands in them
_XING: Final = re.compile(rb"(?:Xing|Info)\0\0\0[\x01\x03\x05\x07\x09\x0b\x0d\x0f](.{4})", re.DOTALL)
_VBRI: Final = re.compile(rb"VBRI\0\x01.{8}(.{4})", re.DOTALL)
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
    elif format in ("mp4", "flac", "caf"):
        seconds = float(((track.start_time or 0) + (track.duration or 0)) * track.time_base)
    return seconds if seconds < UNBELIEVABLE_SECONDS else 0.0


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
    """Bytes of sound that a WAV, AIFF or AU announces beyond its end, as a share of those that are there."""
    start, announced = _samples(file)
    there = file.seek(0, 2) - start
    if not 0 < there < announced < UNBELIEVABLE_BYTES:
        return 0.0
    return (announced - there) / there


def _samples(file: Readable) -> tuple[int, int]:
    """Where the samples begin, and how many bytes of them the header announces."""
    head = read_at(file, 0, 12)
    if head[:4] == b".snd":
        return int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    order: Any = "big" if head[:4] in (b"FORM", b"RIFX") else "little"
    at, long = 12, 0
    while len(head := read_at(file, at, 24)) >= 8:
        name, size = head[:4], int.from_bytes(head[4:8], order)
        if name == b"ds64":
            long = int.from_bytes(head[16:24], "little")
        if name in (b"data", b"SSND"):
            return at + 8, long if long and size == 2**32 - 1 else size
        at += 8 + size + size % 2
    return 0, 0
