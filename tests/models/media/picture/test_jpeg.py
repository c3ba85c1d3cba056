"""JPEGs that nobody here reads are named."""

import pytest

from models.media.picture import jpeg
from tests.helpers.picture_makers import patched, quarters, saved

PLAIN = saved(quarters(), "JPEG")
FRAME = PLAIN.index(b"\xff\xc0")


@pytest.mark.parametrize(
    ("at", "value", "name"),
    [
        (1, b"\xc0", None),
        (1, b"\xc2", None),
        (1, b"\xc9", None),
        (4, b"\x0c", "12-bit JPEG"),
        (9, b"\2", "2-channel JPEG"),
        (1, b"\xc3", "lossless JPEG"),
        (1, b"\xc5", "hierarchical JPEG"),
    ],
)
def test_what_is_not_read_is_named_by_its_frame(at: int, value: bytes, name: str | None) -> None:
    assert jpeg.unread(patched(PLAIN, FRAME + at, value)) == name
    assert jpeg.unread(PLAIN[:2] + b"\xff\xff" + patched(PLAIN, FRAME + at, value)[2:]) == name


def test_what_has_no_frame_has_no_name() -> None:
    assert jpeg.unread(PLAIN[:FRAME]) is jpeg.unread(b"\xff\xd8\xff") is None
