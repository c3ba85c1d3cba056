"""What headers announce."""

from io import BytesIO

import pytest

from models.media.sound.lengths import Frames, cut_share, gap
from tests.helpers.recording_makers import pcm, wav


@pytest.mark.parametrize(("claim", "share"), [(32_000, 0), (64_000, 1), (0, 0), (2**32 - 1, 0), (0x7FFFF000, 0)])
def test_the_share_that_a_wav_lacks(claim: int, share: float) -> None:
    assert cut_share(BytesIO(wav(pcm(), claim=claim))) == share


def test_rounding_is_no_gap() -> None:
    assert (gap(4.1, 4.0), gap(5.0, 4.0), gap(4.4, 4.0, "matroska")) == (0, 1, 0)


def test_frames_are_counted_for_each_of_joined_mp3s() -> None:
    frames, head = Frames(), b"\xff\xfb" + bytes(34) + b"Xing\0\0\0\x0f" + (50).to_bytes(4, "big")
    assert frames.see(head, 0)
    assert not any(frames.see(b"\xff\xfb" + bytes(400), 0.02) for _ in range(25))
    assert frames.see(head, 0) and frames.gap() == pytest.approx(0.5 + 1.0)
