"""What an MP4 claims is looked at before FFmpeg believes it."""

from io import BytesIO

from models.media.sound.mp4 import is_believable
from tests.helpers.recording_makers import encoded, m4a_claiming


def test_honest_tables_are_believed_and_boundless_ones_are_not() -> None:
    assert is_believable(BytesIO(encoded("mp4", "aac")))
    assert not is_believable(BytesIO(m4a_claiming(2**31)))
