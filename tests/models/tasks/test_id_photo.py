"""Photo → ID photo, by its options."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.errors import BadField, BadImage
from models.finish.id_photo import SIZES
from models.tasks.id_photo import ID_PHOTO, Options
from models.tasks.matting import Pass
from tests.helpers.outlines import person


@pytest.fixture
def passed() -> Pass:
    """A grey person whose outline is known."""
    alpha = (255 * person()).astype(np.uint8)
    return Pass(np.full((*alpha.shape, 3), 90, np.uint8), alpha, "portrait")


def saved_as(passed: Pass, **changed: Any) -> tuple[str, Image.Image, dict[str, Any]]:
    options = Options(**changed)
    file = ID_PHOTO.encode(ID_PHOTO.finish(passed, options), options)
    return file.name, Image.open(io.BytesIO(file.content)), dict(file.facts)


def test_a_photo_has_the_pixels_of_its_size_and_is_white_behind(passed: Pass) -> None:
    name, photo, facts = saved_as(passed, id_size="us")
    assert (name, photo.size, photo.info["dpi"]) == ("id-photo.jpg", SIZES["us"].pixels, (300, 300))
    assert min(photo.getpixel((3, 3))) > 250 and photo.getpixel((300, 590))[0] == pytest.approx(90, abs=3)
    assert facts["fits"] == facts["copies"] == 1


def test_a_sheet_says_how_many_are_on_it_and_is_never_transparent(passed: Pass) -> None:
    name, sheet, facts = saved_as(passed, output="sheet", format="png", background="transparent")
    assert (name, sheet.size, sheet.mode, facts["copies"]) == ("print-sheet.png", (1800, 1200), "RGB", 10)
    assert saved_as(passed, format="png", background="transparent")[1].mode == "RGBA"


def test_a_limit_is_kept_or_told(passed: Pass) -> None:
    noise = np.random.default_rng(0).integers(0, 256, passed.photo.shape, np.uint8)
    busy = Pass(noise, passed.alpha, "portrait")
    options = Options(id_limit=20)
    assert len(ID_PHOTO.encode(ID_PHOTO.finish(passed, options), options).content) <= 20_000
    assert saved_as(busy, id_limit=5)[2]["fits"] == 0
    with pytest.raises(BadField, match="5 to 10000"):
        Options(id_limit=4)


def test_head_and_place_are_set_by_options(passed: Pass) -> None:
    plain, lower = (np.asarray(saved_as(passed, id_shift=shift)[1].convert("L")) < 200 for shift in (0.0, 0.1))
    assert lower.any(axis=1).argmax() > plain.any(axis=1).argmax()


@pytest.mark.parametrize(("width", "height", "unit", "pixels"), [
    (35.0, 45.0, "mm", (413, 531)), (480.0, 640.0, "px", (480, 640)), (2400.0, 2400.0, "px", (2400, 2400)),
    (601.0, 333.0, "px", (601, 333)),
])  # fmt: skip
def test_an_own_size_has_its_pixels(passed: Pass, width: float, height: float, unit: Any, pixels: Any) -> None:
    _, photo, _ = saved_as(passed, id_size="own", id_width=width, id_height=height, id_unit=unit)
    assert photo.size == pixels and photo.info["dpi"] == (300, 300)


@pytest.mark.parametrize(("wrong", "said"), [
    ({"id_width": 300.0}, "id_width is '300.0'; give a number from 10 to 200"),
    ({"id_height": 50.0, "id_width": 500.0, "id_unit": "px"}, "id_height is '50.0'; give a number from 100 to 2400"),
    ({"id_height": 190.0}, "at most 2.5 times the other"),
    ({"id_width": 120.0, "id_height": 160.0, "output": "sheet"}, "does not fit on 6in"),
])  # fmt: skip
def test_an_own_size_out_of_bounds_is_told_in_words(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadField, match=said):
        _ = Options(id_size="own", **wrong).size


def test_without_anybody_there_is_no_id_photo(passed: Pass) -> None:
    with pytest.raises(BadImage, match="Nobody"):
        ID_PHOTO.finish(Pass(passed.photo, np.zeros_like(passed.alpha), "portrait"), Options())


def test_what_an_office_would_refuse_is_remarked(passed: Pass) -> None:
    large = Pass(passed.photo.repeat(2, 0).repeat(2, 1), passed.alpha.repeat(2, 0).repeat(2, 1), "portrait")
    assert ID_PHOTO.remarks(passed, Options()) == ("id_soft",)
    assert ID_PHOTO.remarks(large, Options()) == ()
    bust = Pass(large.photo[:780], large.alpha[:780], "portrait")
    assert ID_PHOTO.remarks(bust, Options()) == ("id_short",)
