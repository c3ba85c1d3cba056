"""Nothing is shortened in silence, a damaged place costs only itself, and a voice in any channel is heard."""

import numpy as np
import pytest

from models import timeline
from models.media import audio
from tests.helpers.worn_recordings import BROKEN, CONTAINERS, SECONDS, SIDED, long_voice, torn


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_there_is_heard_to_its_end(name):
    make, times = CONTAINERS[name]
    recording = audio.read(make())
    # Coders fill their first and last frame: up to 0.1 s each time.
    assert len(recording.waveform) / audio.RATE == pytest.approx(times * SECONDS, abs=0.1 * times)
    assert recording.skipped_seconds <= 0.1 * (times - 1)


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_place_costs_only_itself(name):
    recording = audio.read(BROKEN[name]())
    assert len(recording.waveform) / audio.RATE == pytest.approx(SECONDS, abs=0.1)
    assert recording.skipped_seconds <= 0.3
    voiced = timeline.voiced_frames(recording.waveform, hop=320, frames=195)
    assert voiced[10:80].all() and voiced[115:190].all()


@pytest.mark.parametrize(
    ("container", "codec"),
    [("matroska", "aac"), ("flv", "libmp3lame"), ("asf", "wmav2"), ("mpegts", "mp2"), ("vob", "ac3")],
)
def test_what_is_torn_out_is_silence_and_told(container: str, codec: str) -> None:
    rate = 16_000 if codec == "aac" else 44_100
    recording = audio.read(torn(container, codec, rate))
    assert len(recording.waveform) / audio.RATE == pytest.approx(SECONDS, abs=0.1)
    assert recording.skipped_seconds == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("name", SIDED)
def test_a_voice_in_any_channel_is_heard(name):
    heard = audio.decode(SIDED[name]())
    voice = long_voice()
    part = voice[8000:48000]
    products = np.correlate(heard[8000:56000], part)
    best = np.abs(products).argmax()
    likeness = abs(products[best]) / np.linalg.norm(part) / np.linalg.norm(heard[8000 + best :][: len(part)])
    assert likeness > 0.97
    assert timeline.voiced_frames(heard, hop=320, frames=195).mean() > 0.9
    assert np.std(heard) >= 0.7 * np.std(voice) * (0.02 if "quiet" in name else 1)
