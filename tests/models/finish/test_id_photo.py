"""ID photos: exact pixels, the head in its place, DPI and bytes in the file."""

import io

import numpy as np
import pytest
from PIL import Image

from models.finish.head_position import HEAD_HEIGHT, Head, find_head
from models.finish.id_photo import HEAD_WIDTH, SIZES, Frame, encode, ends_early, enlargement, frame, make, own_size
from tests.helpers.outlines import CHIN, CROWN, person

BLUE = (67, 142, 219)
NOISE = np.random.default_rng(0).integers(0, 256, (413, 295, 3), np.uint8)
PIXELS = {
    "cn_1": (295, 413),
    "cn_1_small": (260, 378),
    "cn_1_large": (390, 567),
    "cn_2": (413, 579),
    "cn_2_small": (413, 531),
    "cn_card": (358, 441),
    "cn_passport": (390, 567),
    "icao": (413, 531),
    "us": (600, 600),
    "canada": (591, 827),
    "cv": (354, 472),
}


def test_an_own_size_scales_the_rules_for_the_head() -> None:
    usual, narrow = own_size(25, 35, "mm"), own_size(40, 100, "mm")
    assert usual == SIZES["cn_1"]
    assert narrow.head < usual.head and narrow.head / HEAD_HEIGHT * 100 == pytest.approx(HEAD_WIDTH * 40)
    assert narrow.above > usual.above and narrow.above + narrow.head < 0.9


def id_photo(name: str, matte: np.ndarray, **options: float) -> np.ndarray:
    """Of a grey person, before blue."""
    head = find_head(matte)
    assert head is not None
    alpha = np.rint(matte * 255).astype(np.uint8)
    grey = np.full((*matte.shape, 3), 90, np.uint8)
    return make(grey, matte, alpha, frame(head, SIZES[name], **options), SIZES[name], background=BLUE)


@pytest.mark.parametrize("name", SIZES)
def test_the_size_is_exact_and_the_head_is_where_the_rules_want_it(name: str) -> None:
    matte = person()
    photo = id_photo(name, matte)
    assert (photo.shape[1], photo.shape[0]) == SIZES[name].pixels == PIXELS[name]
    there = np.abs(photo.astype(int) - BLUE).max(axis=-1) > 40
    crown = int(there.any(axis=1).argmax())
    assert crown / photo.shape[0] == pytest.approx(SIZES[name].above, abs=0.02)
    assert np.flatnonzero(there[crown + 8]).mean() == pytest.approx(photo.shape[1] / 2, abs=4)
    part = frame(find_head(matte), SIZES[name])  # type: ignore[arg-type]
    assert (CHIN - CROWN) / (part.bottom - part.top) == pytest.approx(SIZES[name].head, abs=0.04)


def test_the_head_can_be_made_larger_and_moved_down() -> None:
    head, size = Head(100, 300, 150, True), SIZES["icao"]
    plain, larger, lower = frame(head, size), frame(head, size, zoom=1.25), frame(head, size, shift=0.1)
    height = plain.bottom - plain.top
    assert larger.bottom - larger.top == pytest.approx(height / 1.25)
    assert (200 - plain.top) / height == pytest.approx((200 - larger.top) / (height / 1.25))
    assert plain.top - lower.top == pytest.approx(0.1 * height)


def test_small_heads_and_bodies_that_end_too_soon_are_noticed() -> None:
    size, matte = SIZES["us"], person()
    assert enlargement(Frame(0, 0, 300, 300), size) == 2
    assert ends_early(Frame(0, 600, 300, 900), matte) and not ends_early(Frame(0, 500, 300, 800), matte)
    assert not ends_early(Frame(0, 600, 300, 900), np.zeros_like(matte))


@pytest.mark.parametrize(("format", "kind"), [("png", "PNG"), ("jpg", "JPEG")])
@pytest.mark.parametrize("dpi", [300, 350])
def test_the_file_carries_its_dpi(format: str, kind: str, dpi: int) -> None:
    picture = Image.open(io.BytesIO(encode(NOISE, format, dpi=dpi).data))  # type: ignore[arg-type]
    assert picture.format == kind and picture.size == (295, 413)
    assert [round(value) for value in picture.info["dpi"]] == [dpi, dpi]


@pytest.mark.parametrize("limit", [40, 60, 100])
def test_a_jpg_is_the_best_that_keeps_the_limit(limit: int) -> None:
    file = encode(NOISE, "jpg", dpi=300, limit_kb=limit)
    assert file.fits and len(file.data) <= limit * 1000 and file.quality is not None
    better = io.BytesIO()
    Image.fromarray(NOISE).save(better, "JPEG", quality=file.quality + 1, dpi=(300, 300), optimize=True)
    assert len(better.getvalue()) > limit * 1000


def test_a_limit_that_cannot_be_kept_is_told() -> None:
    assert not encode(NOISE, "jpg", dpi=300, limit_kb=5).fits
    assert not encode(NOISE, "png", dpi=300, limit_kb=100).fits
    assert encode(NOISE, "jpg", dpi=300).quality == 95
