"""The limits of a recording, and the one sentence for each way to pass them."""

from typing import Final, NoReturn

from models.errors import BadAudio, TooLarge, WrongKind
from models.media.file_types import Kind

RATE: Final = 16_000
MIN_SECONDS: Final = 0.3
MAX_SECONDS: Final = 3_600
MAX_BYTES: Final = 200 * 2**20
MIN_RATE: Final = 4_000
MAX_RATE: Final = 384_000
MAX_CHANNELS: Final = 8


def check_channels(channels: int) -> None:
    """Raises BadAudio for more than MAX_CHANNELS."""
    if channels > MAX_CHANNELS:
        text = f"The recording has {channels} channels; at most {MAX_CHANNELS} are read: save it as mono."
        raise BadAudio(text, reason="audio_channels", channels=channels, limit=MAX_CHANNELS)


def check_rate(rate: int) -> None:
    """Raises BadAudio unless the samples per second lie within MIN_RATE and MAX_RATE."""
    if not MIN_RATE <= rate <= MAX_RATE:
        text = f"The recording claims {rate} samples per second; {MIN_RATE} to {MAX_RATE} are read: save it at 16000."
        raise BadAudio(text, reason="audio_rate", rate=rate, lowest=MIN_RATE, highest=MAX_RATE)


def unreadable(kind: Kind | None, *, empty: bool) -> NoReturn:
    """What is no recording, or none that is read here."""
    if empty:
        raise BadAudio("The audio file is empty: record it again, or choose another.", reason="audio_empty")
    if kind is None:
        raise BadAudio("This file is not a recording: choose a WAV, MP3, FLAC, OGG or M4A.", reason="not_audio")
    if kind.family == "recording":
        text = f"{kind.name} recordings are not read here: save it as WAV or MP3 and try again."
        raise WrongKind(text, reason="save_as_wav", kind=kind.name)
    text = f"This is a {kind.name} picture, not a recording: choose a WAV, MP3, FLAC, OGG or M4A."
    raise WrongKind(text, reason="not_a_recording", kind=kind.name)


def no_track() -> NoReturn:
    text = "The file holds no sound that can be read: save it as WAV or MP3 and try again."
    raise BadAudio(text, reason="audio_no_track")


def not_finite() -> NoReturn:
    text = "The recording holds samples that are not numbers (NaN or infinite): export it again as 16-bit WAV."
    raise BadAudio(text, reason="audio_not_finite")


def damaged(kind: str, error: Exception | None = None) -> NoReturn:
    text = f"The {kind} recording is damaged or cut off: save it anew as WAV or MP3, or choose another."
    raise BadAudio(text, reason="audio_damaged", kind=kind) from error


def too_short(seconds: float) -> NoReturn:
    text = f"The recording lasts {seconds:.2f} s; at least {MIN_SECONDS} s are needed: record a longer one."
    raise BadAudio(text, reason="audio_too_short", seconds=round(seconds, 2), limit=MIN_SECONDS)


def too_long(seconds: float) -> NoReturn:
    minutes, limit = round(seconds / 60, 1), MAX_SECONDS // 60
    text = f"The recording lasts {minutes} minutes or more; at most {limit} are analysed: cut it into parts."
    raise TooLarge(text, reason="audio_too_long", minutes=minutes, limit=limit)


def too_many_bytes(size: int) -> NoReturn:
    mebibytes, limit = round(size / 2**20, 1), MAX_BYTES // 2**20
    text = f"The audio file has {mebibytes} MiB; at most {limit} are read: save it as MP3, or cut it into parts."
    raise TooLarge(text, reason="audio_bytes", size=mebibytes, limit=limit)
