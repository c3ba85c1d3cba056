"""Recordings one behind the other."""

from io import BytesIO

from models.media.sound.joined import parts
from tests.helpers.recording_makers import sound


def test_each_ends_where_the_next_begins_and_tags_before_the_first_are_its_own() -> None:
    one, two = sound("WAV", "PCM_16"), sound("WAV", "PCM_24", rate=44_100)
    assert parts(BytesIO(one + two), 0, len(one + two), "WAV") == [(0, len(one)), (len(one), len(one + two))]
    film = b"\0\0\0\x10free" + bytes(8) + b"\0\0\0\x14ftypisom" + bytes(8)
    assert parts(BytesIO(film), 0, len(film), "MP4") == [(0, len(film))]
