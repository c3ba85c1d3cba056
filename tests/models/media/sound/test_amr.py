"""Which frames of a telephone's recording are pauses; that they keep their time stands in test_lengths.py."""

import io

import av
import pytest

from models.media.sound import amr
from tests.helpers.odd_audio import narrow_band_amr
from tests.helpers.recording_makers import pauses


def told(data: bytes) -> list[bool]:
    with av.open(io.BytesIO(data)) as container:
        return [amr.is_pause(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize("name", ["amrnb", "amrwb"])
def test_frames_of_noise_and_of_nothing_are_pauses(name: str) -> None:
    found = told(pauses(name, 1.0))
    assert True in found and False in found


def test_speech_is_none() -> None:
    assert not any(told(narrow_band_amr(0.5)))
