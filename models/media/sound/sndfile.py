"""WAV, AIFF and AU by libsndfile; FFmpeg knows more of what they may hold, and takes what was never finished."""

from collections.abc import Iterator

import soundfile
import soxr

from models.media.sound import lengths
from models.media.sound.block import NOTHING, Block
from models.media.sound.errors import MAX_SECONDS, RATE, check_channels, check_rate, too_long
from models.media.sound.mixing import Mixer
from models.media.sound.window import Window

# Not W64: fractions in its extensible form would be heard as whole numbers.
KINDS = ("WAV", "AIFF", "AU", "VOC", "NIST", "8SVX", "IRCAM")
_BLOCK_FRAMES = 2**16
# What a header says when the encoder did not know the length yet.
_UNKNOWN_LENGTH = 2**62


class _Forward(soundfile.SoundFile):
    """Reads front to back only: soundfile seeks after every block, which costs time."""

    def seekable(self) -> bool:
        return False


def reads(file: Window) -> bool:
    """Whether libsndfile knows the coder, and the header how much there is."""
    try:
        with _Forward(file, closefd=False) as sound:
            return bool(sound.frames)
    except soundfile.LibsndfileError:
        return False


def blocks(file: Window) -> Iterator[Block]:
    """The recording piece by piece, and what its header announces beyond its end."""
    cut_share, heard = lengths.cut_share(file), 0
    file.seek(0)
    with _Forward(file, closefd=False) as sound:
        _check_header(sound)
        mixer = Mixer(sound.samplerate)
        resample = soxr.ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
        while True:
            frames = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            last = len(frames) < _BLOCK_FRAMES
            heard += len(frames)
            yield Block(resample.resample_chunk(mixer.mix(frames), last=last))
            if last:
                yield Block(NOTHING, missing_seconds=heard / sound.samplerate * cut_share)
                return


def _check_header(sound: soundfile.SoundFile) -> None:
    check_channels(sound.channels)
    check_rate(sound.samplerate)
    if MAX_SECONDS * sound.samplerate < sound.frames < _UNKNOWN_LENGTH:
        too_long(sound.frames / sound.samplerate)
