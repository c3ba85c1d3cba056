"""Portrait → cartoon, by its options."""

import io

import numpy as np
import pytest
from PIL import Image

from models.faces import Face
from models.tasks.cartoon import CARTOON, LARGEST_SIDE, Options, Pass
from tests.helpers.picture_makers import PNG, quarters, saved
from tests.helpers.standin import Easy

FACE, SMALL = (Face(0, 0, 9, 9, 0.9, used=used) for used in (True, False))


def drawn(*faces: Face) -> Pass:
    photo = np.asarray(quarters())
    return Pass(photo, 255 - photo, faces, photo.shape[1::-1])


def test_a_photo_is_decoded_no_larger_than_the_largest_result() -> None:
    photo = CARTOON.decode(saved(Image.new("RGB", (5000, 400)), "JPEG"), Options())
    assert photo.rgb.shape[1] == LARGEST_SIDE and photo.size == (5000, 400)
    assert CARTOON.forward(Easy(), photo, Options()).size == (5000, 400)


def test_strength_and_resolution_need_no_model() -> None:
    half = CARTOON.finish(drawn(), Options(strength=0.5)).image
    assert np.abs(half.astype(int) - 127).max() <= 1
    assert max(CARTOON.finish(drawn(), Options(resolution=48)).image.shape) == 48


def test_the_result_has_the_format_and_the_faces_that_were_drawn() -> None:
    options = Options(format="jpg", quality=60)
    file = CARTOON.encode(CARTOON.finish(drawn(FACE, SMALL), options), options)
    assert (file.name, file.facts) == ("cartoon.jpg", {"faces": 2})
    assert Image.open(io.BytesIO(file.content)).format == "JPEG"


def test_a_small_photo_is_enlarged_only_when_asked_and_then_it_is_told() -> None:
    passed, plain, larger = drawn(), Options(resolution=512), Options(resolution=512, enlarge=True)
    longest = max(passed.photo.shape[:2])
    assert max(CARTOON.finish(passed, plain).image.shape) == longest
    made = CARTOON.finish(passed, larger)
    assert max(made.image.shape) == 512 and CARTOON.encode(made, larger).facts["enlarged_from"] == longest
    assert "enlarged_from" not in CARTOON.encode(CARTOON.finish(passed, plain), plain).facts
    more = CARTOON.finishing_bytes(passed, larger) - CARTOON.finishing_bytes(passed, plain)
    assert more == pytest.approx(made.image.nbytes, rel=0.01)


def test_what_is_odd_about_the_faces_is_remarked() -> None:
    remarks = [CARTOON.remarks(passed, Options()) for passed in (drawn(), drawn(FACE, SMALL), drawn(FACE))]
    assert remarks == [("no_face",), ("small_face",), ()]


def test_the_style_is_the_model_and_the_memory_grows_with_the_picture() -> None:
    assert CARTOON.variant(Options(style="sketch")) == "sketch"
    photo = CARTOON.decode(PNG, Options())
    assert CARTOON.working_bytes(photo, Options()) == 4 * photo.rgb.nbytes
    assert CARTOON.decoding_bytes(PNG, Options()) > photo.rgb.nbytes
