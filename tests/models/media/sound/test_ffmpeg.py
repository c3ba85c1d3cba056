"""What FFmpeg reads, block by block."""

from io import BytesIO

import pytest

from models.media.sound.ffmpeg import blocks
from models.media.sound.window import Window
from tests.helpers.recording_makers import SECONDS, encoded


@pytest.mark.parametrize(("container", "codec", "kind"), [("mp4", "aac", "MP4"), ("webm", "libopus", "WEBM")])
def test_a_recording_is_heard_in_full(container: str, codec: str, kind: str) -> None:
    data = encoded(container, codec, rate=48_000)
    heard = list(blocks(Window(BytesIO(data), 0, len(data)), kind))
    assert all(block.was_read and not block.missing_seconds for block in heard)
    assert abs(sum(len(block.samples) for block in heard) / 16_000 - SECONDS) < 0.1
