"""The only way in for recordings from outside: any bytes or file in, mono 16 kHz out, or one plain sentence."""

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from models.errors import PrewarmError
from models.media.sound import errors, ffmpeg, formats, joined, sndfile
from models.media.sound.block import Block
from models.media.sound.errors import MAX_BYTES, MAX_SECONDS, MIN_SECONDS, RATE
from models.media.sound.start import find_recording
from models.media.sound.window import Window

# The limits are those of all recordings, whoever says so.
__all__ = ["MAX_BYTES", "MAX_SECONDS", "MIN_SECONDS", "RATE", "Recording", "blocks", "decode", "encode_wav", "read"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recording:
    """float32 [N] mono 16 kHz within ±1; `skipped_seconds` of it are silence, where the file could not be read;
    `missing_seconds` more are announced by the file but not in it, None where only its end mark is missing."""

    waveform: np.ndarray
    skipped_seconds: float = 0.0
    missing_seconds: float | None = 0.0


def read(data: bytes | Path) -> Recording:
    """The whole recording. Raises BadAudio, TooLarge or WrongKind.

    An hour takes 230 MB and little more: blocks are written in place.
    """
    # Untouched pages of an empty array cost nothing, and shrinking it in place copies nothing.
    waveform = np.empty(MAX_SECONDS * RATE, np.float32)
    filled = skipped = 0
    missing = 0.0
    for block in _checked(data):
        count = len(block.samples)
        waveform[filled : filled + count] = block.samples
        filled += count
        skipped += 0 if block.was_read else count
        missing += block.missing_seconds
    waveform.resize(filled, refcheck=False)
    return Recording(waveform, skipped / RATE, None if math.isnan(missing) else missing)


def decode(data: bytes | Path) -> np.ndarray:
    """The waveform of read()."""
    return read(data).waveform


def blocks(data: bytes | Path) -> Iterator[np.ndarray]:
    """The recording piece by piece, each float32 [n], mono, 16 kHz, within ±1; the errors are those of read().

    A header that lies about the length is not believed: what is really there comes out.
    """
    return (block.samples for block in _checked(data))


def encode_wav(waveform: np.ndarray) -> bytes:
    """16-bit 16 kHz WAV bytes of a mono waveform; what exceeds ±1 is clipped."""
    file = BytesIO()
    soundfile.write(file, waveform, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _checked(data: bytes | Path) -> Iterator[Block]:
    total = 0
    for block in _read(data):
        if not np.isfinite(block.samples).all():
            errors.not_finite()
        total += len(block.samples)
        if total > MAX_SECONDS * RATE:
            errors.too_long(total / RATE)
        yield block._replace(samples=np.clip(block.samples, -1, 1))
    if total < MIN_SECONDS * RATE:
        errors.too_short(total / RATE)


def _read(data: bytes | Path) -> Iterator[Block]:
    """Blocks of mono 16 kHz as the decoder gives them, every failure of a decoder turned into BadAudio."""
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size > MAX_BYTES:
        errors.too_many_bytes(size)
    with data.open("rb") if isinstance(data, Path) else BytesIO(data) as file:
        start, kind = find_recording(file)
        name = kind.name if kind else ""
        if name not in formats.KINDS:
            errors.unreadable(kind, empty=size == 0)
        try:
            for first, last in joined.parts(file, start, size, name):
                yield from _decoded(Window(file, first, last), name)
        except PrewarmError:
            raise
        # Decoders fed hostile bytes raise nearly anything: one answer for all.
        except Exception as error:
            log.debug("unreadable %s: %s", name, type(error).__name__)
            errors.damaged(name, error)


def _decoded(part: Window, name: str) -> Iterator[Block]:
    if name in sndfile.KINDS and sndfile.reads(part):
        return sndfile.blocks(part)
    return ffmpeg.blocks(part, name)
