"""A voice in any channel is heard."""

import numpy as np
import pytest

from models.media.sound.mixing import Mixer
from tests.helpers.recording_makers import voice

VOICE = voice()
SILENT = np.zeros_like(VOICE)


@pytest.mark.parametrize("channels", [(VOICE, VOICE), (VOICE, -VOICE), (VOICE, SILENT), (SILENT, SILENT, VOICE)])
def test_the_voice_is_as_loud_as_in_its_own_channel(channels: tuple[np.ndarray, ...]) -> None:
    mono = Mixer(16_000).mix(np.stack(channels, axis=1).astype(np.float32))
    assert abs(np.abs(mono).max() / np.abs(VOICE).max() - 1) < 0.1
