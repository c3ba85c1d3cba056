"""The only door for recordings from outside: any bytes or file in, mono 16 kHz out, or one plain sentence."""

import itertools
import logging
from collections.abc import Iterator
from io import SEEK_SET, BytesIO
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

import numpy as np
import soundfile
import soxr

from models.errors import BadAudio, PrewarmError, TooLarge, WrongKind
from models.media import mp4
from models.media.file_types import HEAD_BYTES, Kind, kind_of

RATE: Final = 16_000
MIN_SECONDS: Final = 0.3
MAX_SECONDS: Final = 3_600
MAX_BYTES: Final = 200 * 2**20
MIN_RATE: Final = 4_000
MAX_RATE: Final = 384_000
MAX_CHANNELS: Final = 8

_BLOCK_FRAMES = 2**16
# What FLAC says in its header when the encoder did not know the length yet.
_UNKNOWN_LENGTH = 2**62

_SNDFILE = ("WAV", "FLAC", "OGG", "AIFF", "AU", "CAF")
# FFmpeg's names of the containers; naming one keeps it from trying playlists and the like. MP3 is here because
# libsndfile guesses the length of variable rates from the first frame, and drops the rest: 8 s out of 40 s.
_FFMPEG = {"MP3": "mp3", "AAC": "aac", "MP4": "mp4", "WEBM": "matroska", "AMR": "amr"}
_LENGTH_IN_HEADER = ("mp4", "matroska")
_FFMPEG_CODECS = ("aac", "alac", "mp3float", "mp3", "opus", "vorbis", "flac", "amrnb", "amrwb")

log = logging.getLogger(__name__)


def decode(data: bytes | Path) -> np.ndarray:
    """The whole recording as float32 [N], mono, 16 kHz, within ±1.

    Raises BadAudio, TooLarge or WrongKind. An hour takes 230 MB and little more: blocks are written in place.
    """
    # Untouched pages of an empty array cost nothing, and shrinking it in place copies nothing.
    waveform = np.empty(MAX_SECONDS * RATE, np.float32)
    filled = 0
    for block in blocks(data):
        waveform[filled : filled + len(block)] = block
        filled += len(block)
    waveform.resize(filled, refcheck=False)
    return waveform


def blocks(data: bytes | Path) -> Iterator[np.ndarray]:
    """The recording piece by piece, each float32 [n], mono, 16 kHz, within ±1; the errors are those of decode().

    A header that lies about the length is not believed: what is really there comes out.
    """
    total = 0
    for block in _read(data):
        if not np.isfinite(block).all():
            text = "The recording holds samples that are not numbers (NaN or infinite): export it again as 16-bit WAV."
            raise BadAudio(text, reason="audio_not_finite")
        total += len(block)
        if total > MAX_SECONDS * RATE:
            _too_long(total / RATE)
        yield np.clip(block, -1, 1)
    if total < MIN_SECONDS * RATE:
        _too_short(total / RATE)


def encode_wav(waveform: np.ndarray) -> bytes:
    """16-bit 16 kHz WAV bytes of a mono waveform; what exceeds ±1 is clipped."""
    file = BytesIO()
    soundfile.write(file, waveform, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _read(data: bytes | Path) -> Iterator[np.ndarray]:
    """Blocks of mono 16 kHz as the decoder gives them, every failure of a decoder turned into BadAudio."""
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size > MAX_BYTES:
        _too_many_bytes(size)
    with data.open("rb", buffering=0) if isinstance(data, Path) else _Memory(data) as file:
        kind = _readable(file.read(HEAD_BYTES))
        file.seek(0)
        try:
            yield from _sndfile(file) if kind in _SNDFILE else _ffmpeg(file, _FFMPEG[kind])
        except PrewarmError:
            raise
        # Decoders fed hostile bytes raise nearly anything: one answer for all.
        except Exception as error:
            log.debug("unreadable %s: %s", kind, type(error).__name__)
            _damaged(kind, error)


def _readable(head: bytes) -> str:
    kind = kind_of(head)
    if kind and (kind.name in _SNDFILE or kind.name in _FFMPEG):
        return kind.name
    if not head:
        raise BadAudio("The audio file is empty: record it again, or choose another.", reason="audio_empty")
    if kind is None:
        raise BadAudio("This file is not a recording: choose a WAV, MP3, FLAC, OGG or M4A.", reason="not_audio")
    _wrong_kind(kind)


def _wrong_kind(kind: Kind) -> NoReturn:
    if kind.family == "recording":
        text = f"{kind.name} recordings are not read here: save it as WAV or MP3 and try again."
        raise WrongKind(text, reason="save_as_wav", kind=kind.name)
    text = f"This is a {kind.name} picture, not a recording: choose a WAV, MP3, FLAC, OGG or M4A."
    raise WrongKind(text, reason="not_a_recording", kind=kind.name)


class _Memory(BytesIO):
    """Bytes as a file; libsndfile may seek before their start, where soundfile would print a traceback."""

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        return self.tell() if offset < 0 and whence == SEEK_SET else super().seek(offset, whence)


class _Forward(soundfile.SoundFile):
    """Reads front to back only: soundfile seeks after every block, which costs time."""

    def seekable(self) -> bool:
        return False


def _sndfile(file: BinaryIO) -> Iterator[np.ndarray]:
    # By descriptor where there is one: given a file object, soundfile looks at the extension of its name.
    source = file if isinstance(file, _Memory) else file.fileno()
    with _Forward(source, closefd=False) as sound:
        _check_header(sound)
        resample = soxr.ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
        # A product: six times faster than mean(axis=1) on such narrow rows.
        equal_shares = np.full(sound.channels, 1 / sound.channels, np.float32)
        while True:
            frames = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            last = len(frames) < _BLOCK_FRAMES
            # Samples that are no numbers are judged in blocks(), not warned about here.
            with np.errstate(invalid="ignore", over="ignore"):
                mono = frames @ equal_shares
            yield resample.resample_chunk(mono, last=last)
            if last:
                return


def _check_header(sound: soundfile.SoundFile) -> None:
    rate = sound.samplerate
    _check_channels(sound.channels)
    if not MIN_RATE <= rate <= MAX_RATE:
        text = f"The recording claims {rate} samples per second; {MIN_RATE} to {MAX_RATE} are read: save it at 16000."
        raise BadAudio(text, reason="audio_rate", rate=rate, lowest=MIN_RATE, highest=MAX_RATE)
    if MAX_SECONDS * rate < sound.frames < _UNKNOWN_LENGTH:
        _too_long(sound.frames / rate)


def _check_channels(channels: int) -> None:
    if channels > MAX_CHANNELS:
        text = f"The recording has {channels} channels; at most {MAX_CHANNELS} are read: save it as mono."
        raise BadAudio(text, reason="audio_channels", channels=channels, limit=MAX_CHANNELS)


def _ffmpeg(file: BinaryIO, container_format: str) -> Iterator[np.ndarray]:
    """Containers libsndfile does not know; imported here because FFmpeg's libraries take 0.2 s to load."""
    import av

    if container_format == "mp4" and not mp4.is_believable(file):
        _damaged("MP4")
    options = {"codec_whitelist": ",".join(_FFMPEG_CODECS)}
    with av.open(file, "r", format=container_format, options=options, metadata_errors="ignore") as container:
        track = next(iter(container.streams.audio), None)
        if track is None or track.codec_context.name not in _FFMPEG_CODECS:
            text = "The file holds no sound that can be read: save it as WAV or MP3 and try again."
            raise BadAudio(text, reason="audio_no_track")
        seconds = (container.duration or 0) / av.time_base
        if container_format in _LENGTH_IN_HEADER and seconds > MAX_SECONDS:
            _too_long(seconds)
        # Mixed down here: FFmpeg's own mono is 1.4 times too loud when both channels say the same. Interleaved,
        # because PyAV reads wild memory for planar frames of more than eight channels.
        resample = av.AudioResampler(format="flt", rate=RATE)
        for frame in itertools.chain(container.decode(track), (None,)):
            _check_channels(frame.layout.nb_channels if frame else 1)
            for piece in resample.resample(frame):
                yield piece.to_ndarray().reshape(-1, piece.layout.nb_channels).mean(axis=1)


def _damaged(kind: str, error: Exception | None = None) -> NoReturn:
    text = f"The {kind} recording is damaged or cut off: save it anew as WAV or MP3, or choose another."
    raise BadAudio(text, reason="audio_damaged", kind=kind) from error


def _too_short(seconds: float) -> NoReturn:
    text = f"The recording lasts {seconds:.2f} s; at least {MIN_SECONDS} s are needed: record a longer one."
    raise BadAudio(text, reason="audio_too_short", seconds=round(seconds, 2), limit=MIN_SECONDS)


def _too_long(seconds: float) -> NoReturn:
    minutes, limit = round(seconds / 60, 1), MAX_SECONDS // 60
    text = f"The recording lasts {minutes} minutes or more; at most {limit} are analysed: cut it into parts."
    raise TooLarge(text, reason="audio_too_long", minutes=minutes, limit=limit)


def _too_many_bytes(size: int) -> NoReturn:
    mebibytes, limit = round(size / 2**20, 1), MAX_BYTES // 2**20
    text = f"The audio file has {mebibytes} MiB; at most {limit} are read: save it as MP3, or cut it into parts."
    raise TooLarge(text, reason="audio_bytes", size=mebibytes, limit=limit)
