"""Photo → cutout, by its options."""

import io

import numpy as np
import pytest
from PIL import Image

from models.errors import BadField
from models.finish.background import Gradient
from models.media.images import PREVIEW_SIDE
from models.tasks.matting import MATTING, Options, Pass, PersonOptions, preview, subject
from tests.helpers.picture_makers import PNG, saved
from tests.helpers.standin import Easy

BEACH = saved(Image.new("RGB", (50, 50), (1, 2, 3)), "PNG")


@pytest.fixture
def passed() -> Pass:
    """The left half is the person."""
    return MATTING.forward(Easy(), MATTING.decode(PNG, Options()), Options())


@pytest.mark.parametrize(
    ("options", "right"),
    [
        (Options(clean_edge=False), (30, 160, 60, 0)),
        (Options(background="#0A0b0c"), (10, 11, 12)),
        (Options(background="#000000, #ffffff", gradient="right"), (255, 255, 255)),
        (Options(background="image", background_image=BEACH), (1, 2, 3)),
        (Options(background_image=BEACH), (1, 2, 3)),
    ],
)
def test_the_background_is_what_was_asked_for(passed: Pass, options: Options, right: tuple[int, ...]) -> None:
    made = MATTING.finish(passed, options)
    assert np.abs(made[5, -1].astype(int) - right).max() <= 2 and tuple(made[5, 5][:3]) == (200, 30, 40)
    assert np.abs(preview(passed, options)[5, -1].astype(int) - right).max() <= 2


def test_a_background_is_read_when_the_options_are_made() -> None:
    assert PersonOptions(background="#000000,#ffffff").plain_background() == Gradient(
        (0, 0, 0), (255, 255, 255), "down"
    )
    assert PersonOptions().painted_background() is None
    for wrong in ("blue", "#12345", "#000000,#111111,#222222", "image"):
        with pytest.raises(BadField, match="background is"):
            PersonOptions(background=wrong)


def test_the_alpha_is_a_grey_picture_with_a_name_of_its_own(passed: Pass) -> None:
    options = Options(output="alpha", feather=False)
    file = MATTING.encode(MATTING.finish(passed, options), options)
    alpha = Image.open(io.BytesIO(file.content))
    assert (file.name, alpha.mode, alpha.getpixel((5, 5)), alpha.getpixel((90, 5))) == ("alpha.png", "L", 255, 0)


def test_a_crop_leaves_what_is_kept_with_a_margin(passed: Pass) -> None:
    height, width = passed.alpha.shape
    made, alpha = (MATTING.finish(passed, Options(crop=True, output=output)) for output in ("cutout", "alpha"))  # type: ignore[arg-type]
    assert made.shape[:2] == alpha.shape and made.shape[0] == height
    assert width // 2 < made.shape[1] < 0.6 * width and made[5, -1, 3] == 0 and made[5, 5, 3] == 255
    assert preview(subject(passed, Options(crop=True)), Options()).shape == made.shape
    nobody = Pass(passed.photo, np.zeros_like(passed.alpha), "portrait")
    assert MATTING.finish(nobody, Options(crop=True)).shape[:2] == (height, width)


def test_a_preview_is_as_small_as_the_page_shows_it() -> None:
    photo = MATTING.decode(saved(Image.new("RGB", (2000, 400)), "PNG"), Options())
    large = MATTING.forward(Easy(), photo, Options())
    assert preview(large, Options()).shape[1] == PREVIEW_SIDE
    assert MATTING.finish(large, Options()).shape[1] == 2000


def test_the_memory_for_a_background_picture_is_counted() -> None:
    alone, behind = Options(), Options(background_image=BEACH)
    more = MATTING.decoding_bytes(PNG, behind) - MATTING.decoding_bytes(PNG, alone)
    assert more > 50 * 50 * 3
    assert MATTING.working_bytes(MATTING.decode(PNG, behind), behind) - more == MATTING.working_bytes(
        MATTING.decode(PNG, alone), alone
    )


def test_what_is_wrong_with_the_matte_is_remarked() -> None:
    wall = np.zeros((64, 96, 3), np.uint8)
    assert MATTING.remarks(Pass(wall, np.zeros((64, 96), np.uint8), "portrait"), Options()) == ("empty",)
    assert MATTING.variant(Options(model="universal")) == "universal"
