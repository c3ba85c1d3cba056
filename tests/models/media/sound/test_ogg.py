"""Chained Ogg files."""

from io import BytesIO

from models.media.sound.ogg import links
from tests.helpers.recording_makers import encoded


def test_every_recording_of_a_chain_is_found() -> None:
    first, second = encoded("ogg", "libopus", rate=48_000), encoded("ogg", "libopus", rate=48_000, channels=2)
    ends = [len(first), len(first) + len(second)]
    assert links(BytesIO(first)) == [(0, len(first))]
    assert links(BytesIO(first + second)) == [(0, ends[0]), (ends[0], ends[1])]
