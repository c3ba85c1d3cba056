"""WAV, AIFF and AU by libsndfile."""

from collections.abc import Iterator

import numpy as np
import soundfile
import soxr

from models.media.sound.errors import MAX_SECONDS, RATE, check_channels, check_rate, too_long
from models.media.sound.mixing import Mixer
from models.media.sound.window import Window

KINDS = ("WAV", "AIFF", "AU")
_BLOCK_FRAMES = 2**16
# What a header says when the encoder did not know the length yet.
_UNKNOWN_LENGTH = 2**62


class _Forward(soundfile.SoundFile):
    """Reads front to back only: soundfile seeks after every block, which costs time."""

    def seekable(self) -> bool:
        return False


def blocks(file: Window) -> Iterator[np.ndarray]:
    """Mono 16 kHz float32 [n], piece by piece."""
    with _Forward(file, closefd=False) as sound:
        _check_header(sound)
        mixer = Mixer(sound.samplerate)
        resample = soxr.ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
        while True:
            frames = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            last = len(frames) < _BLOCK_FRAMES
            yield resample.resample_chunk(mixer.mix(frames), last=last)
            if last:
                return


def _check_header(sound: soundfile.SoundFile) -> None:
    check_channels(sound.channels)
    check_rate(sound.samplerate)
    if MAX_SECONDS * sound.samplerate < sound.frames < _UNKNOWN_LENGTH:
        too_long(sound.frames / sound.samplerate)
