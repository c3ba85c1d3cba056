"""Pixels upright, over white, in eight bits."""

import io

import numpy as np
import pytest
from PIL import Image

from models.media.picture.pixels import orientation, over_white, upright_rgb
from tests.helpers.picture_makers import COLOURS, quarters, turned, with_alpha


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_is_put_upright_and_closed(turn: int) -> None:
    stored = Image.open(io.BytesIO(turned(turn, "PNG")))
    stored.load()
    assert np.array_equal(upright_rgb(stored, None, turn), np.asarray(quarters()))


def test_what_is_transparent_is_white_whatever_colour_it_hides() -> None:
    image = over_white(with_alpha(hole=(9, 9, 9)))
    assert image.mode == "RGB" and image.getpixel((90, 60)) == (255, 255, 255)
    assert image.getpixel((0, 0)) == COLOURS[0]


def test_sixteen_bits_of_grey_are_scaled() -> None:
    grey = Image.fromarray(np.array([[0, 257 * 100, 65535]], np.uint16))
    assert np.asarray(over_white(grey))[0, :, 0].tolist() == [0, 100, 255]


def test_a_broken_or_huge_exif_block_turns_nothing() -> None:
    image = quarters()
    image.info["exif"] = b"Exif\0\0nonsense"
    assert orientation(image) == 1
    image.info["exif"] = bytes(2**21)
    assert orientation(image) == 1
