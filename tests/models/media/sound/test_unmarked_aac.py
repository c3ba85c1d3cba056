"""Frames are told apart though nothing marks them."""

from io import BytesIO

import av
import pytest

from models.media import audio
from models.media.sound.unmarked_aac import is_marked, pieces
from tests.helpers.worn_recordings import SECONDS, coded, long_voice

WAV = coded("wav", "aac", long_voice()[None])
START = WAV.index(b"data") + 8


def test_every_piece_ends_where_a_frame_does() -> None:
    data = coded("ipod", "aac", long_voice()[None])
    with av.open(BytesIO(data)) as container:
        track = container.streams.audio[0]
        frames = [bytes(packet) for packet in container.demux(track) if packet.size]
        settings = track.codec_context.extradata or b""
    whole = b"".join(frames)
    found = list(pieces(BytesIO(b"head" + whole), 4, 4 + len(whole), settings))
    ends = {sum(map(len, frames[:count])) for count in range(len(frames) + 1)}
    assert b"".join(found) == whole and {sum(map(len, found[:count])) for count in range(len(found) + 1)} <= ends


@pytest.mark.parametrize("damage", [WAV[: START + 8000], WAV[: START + 8000] + bytes(60) + WAV[START + 8060 :]])
def test_what_lies_behind_a_broken_frame_is_told_as_missing(damage: bytes) -> None:
    recording = audio.read(damage)
    heard = len(recording.waveform) / audio.RATE
    assert 1 < heard < 3.5 and heard + recording.missing_seconds == pytest.approx(SECONDS, abs=0.3)


def test_frames_with_heads_are_marked() -> None:
    assert is_marked(BytesIO(coded("adts", "aac", long_voice()[None])), 0) and not is_marked(BytesIO(WAV), START)
