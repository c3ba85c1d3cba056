"""Small pictures of results."""

from io import BytesIO

import pytest
from PIL import Image

from tests.helpers.picture_makers import quarters, saved, with_alpha
from ui.batch.thumbnails import THUMB_SIDE, thumbnail


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_small_and_keeps_its_shape(kind: str) -> None:
    made = thumbnail(saved(quarters(width=960, height=640), kind))
    assert made
    small = Image.open(BytesIO(made))
    assert (small.format, small.size) == ("WEBP", (THUMB_SIDE, THUMB_SIDE * 2 // 3))
    assert small.convert("RGB").getpixel((10, 10)) == pytest.approx((200, 30, 40), abs=12)


def test_what_is_transparent_stays_so() -> None:
    made = thumbnail(saved(with_alpha(), "PNG"))
    assert made
    alpha = Image.open(BytesIO(made)).convert("RGBA").getchannel("A")
    assert alpha.getpixel((90, 60)) == 0 and alpha.getpixel((5, 5)) == 255


def test_anything_else_has_no_small_picture() -> None:
    assert thumbnail(b"{}") is None and thumbnail(b"") is None
