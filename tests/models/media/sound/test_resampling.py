"""Frames of any rate become mono 16 kHz; what could not be read is silence of its length."""

import av
import numpy as np

from models.media.sound.resampling import Piece, mono_blocks


def frame(rate: int, seconds: float, channels: int) -> av.AudioFrame:
    layout = "stereo" if channels == 2 else "mono"
    made = av.AudioFrame.from_ndarray(np.full((channels, round(rate * seconds)), 0.5, np.float32), "fltp", layout)
    made.sample_rate = rate
    return made


def test_rate_and_channels_may_change_in_mid_stream() -> None:
    pieces = [Piece(frame(44_100, 0.5, 2), 0.5), Piece(None, 0.25), Piece(frame(8_000, 0.5, 1), 0.5)]
    blocks = list(mono_blocks(iter(pieces)))
    assert abs(sum(len(block.samples) for block in blocks) / 16_000 - 1.25) < 0.01
    skipped = [block.samples for block in blocks if not block.was_read]
    assert [len(block) for block in skipped] == [4_000] and not skipped[0].any()
