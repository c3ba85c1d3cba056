"""Chained Ogg files."""

from io import BytesIO

from models.media.sound.ogg import links
from tests.helpers.recording_makers import encoded


def test_every_recording_of_a_chain_is_found() -> None:
    first, second = encoded("ogg", "libopus", rate=48_000), encoded("ogg", "libopus", rate=48_000, channels=2)
    ends = [len(first), len(first) + len(second)]
    assert links(BytesIO(first)) == [(0, len(first), 0)]
    assert links(BytesIO(first + second)) == [(0, ends[0], 0), (ends[0], ends[1], 0)]


def test_a_recording_that_was_cut_off_does_not_hide_the_next() -> None:
    first = encoded("ogg", "libopus", rate=48_000)
    cut = first[: first.rindex(b"OggS") - 100]
    found = links(BytesIO(cut + first))
    assert [link[:2] for link in found] == [(0, len(cut)), (len(cut), len(cut) + len(first))]
    assert found[0].lost > 0 and found[1].lost == 0
