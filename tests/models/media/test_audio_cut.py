"""A recording that was cut off says so: what is heard and what is missing make what was announced."""

import pytest

from models.media import audio
from tests.helpers.cut_recordings import ANNOUNCED, UNKNOWN, last_page_gone
from tests.helpers.recording_makers import sound
from tests.helpers.worn_recordings import SECONDS, coded, long_voice, mp3

# Coders fill their first and last frame.
ROUNDING = 0.15


@pytest.mark.parametrize("name", ANNOUNCED)
def test_what_is_heard_and_what_is_missing_make_what_was_announced(name: str) -> None:
    data = ANNOUNCED[name]()
    whole, cut = audio.read(data), audio.read(data[: round(0.6 * len(data))])
    assert whole.missing_seconds == 0
    assert cut.missing_seconds == pytest.approx(0.4 * SECONDS, abs=0.5)
    heard = len(cut.waveform) / audio.RATE
    assert heard + cut.missing_seconds == pytest.approx(SECONDS, abs=ROUNDING)
    assert cut.skipped_seconds < 0.02, "less is rounding"


@pytest.mark.parametrize("name", UNKNOWN)
def test_who_did_not_know_the_length_is_not_accused(name: str) -> None:
    recording = audio.read(UNKNOWN[name]())
    assert recording.missing_seconds == 0
    assert len(recording.waveform) / audio.RATE == pytest.approx(1, abs=0.15)


def test_an_ogg_tells_what_its_last_page_announces_or_that_its_end_mark_is_missing() -> None:
    data = sound("OGG", "OPUS", 48_000, waveform=long_voice(48_000))
    assert audio.read(data[: data.rindex(b"OggS") + 500]).missing_seconds == pytest.approx(0.466, abs=0.01)
    assert audio.read(last_page_gone()).missing_seconds is None
    assert audio.read(last_page_gone() + data).missing_seconds is None


def test_a_last_frame_that_is_not_whole_is_missing_and_no_silence() -> None:
    data = coded("adts", "aac", long_voice()[None])
    recording = audio.read(data[: round(0.6 * len(data))])
    assert (recording.skipped_seconds, recording.missing_seconds) == (0, 0.064)


def test_each_of_joined_mp3s_is_held_against_what_it_announces() -> None:
    recording = audio.read(mp3()[:6000] + mp3())
    heard = len(recording.waveform) / audio.RATE
    assert heard + recording.missing_seconds == pytest.approx(2 * SECONDS, abs=2 * ROUNDING)
