"""What libsndfile reads, block by block."""

from io import BytesIO

import numpy as np

from models.media.sound.sndfile import blocks
from models.media.sound.window import Window
from tests.helpers.recording_makers import sound, voice


def test_a_stereo_wav_of_another_rate_becomes_the_voice_at_16_khz() -> None:
    data = sound("WAV", "PCM_16", rate=48_000, channels=2)
    heard = np.concatenate([block.samples for block in blocks(Window(BytesIO(data), 0, len(data)))])
    assert abs(len(heard) - len(voice())) < 20
    assert abs(np.abs(heard).max() - np.abs(voice()).max()) < 0.05
