"""Where a recording starts behind what tools and players put before it."""

from io import BytesIO

import pytest

from models.media.sound.start import find_recording
from tests.helpers.recording_makers import sound

ID3 = b"ID3\x04\x00\x00" + bytes([0, 0, 0, 20]) + bytes(20)
FLAC = sound("FLAC", "PCM_16")


@pytest.mark.parametrize("before", [b"", ID3])
def test_the_recording_is_found_behind_tags(before: bytes) -> None:
    at, kind = find_recording(BytesIO(before + FLAC))
    assert kind is not None and (at, kind.name) == (len(before), "FLAC")


def test_text_is_no_recording() -> None:
    assert find_recording(BytesIO(b"Dear reader, " * 100))[1] is None
