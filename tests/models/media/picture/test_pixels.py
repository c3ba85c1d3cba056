"""Pixels upright, over white, in eight bits."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from models.media import images
from models.media.picture.pixels import orientation, over_white, upright_rgb
from tests.helpers.picture_makers import COLOURS, quarters, saved, turned, with_alpha


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


def moving_webp() -> bytes:
    """Two frames of the upper half of a canvas, in a file that says nothing of alpha."""
    still = saved(quarters().crop((0, 0, 96, 32)), "WEBP", lossless=True)[12:]
    numbers = struct.pack("<I", 95)[:3] + struct.pack("<I", 31)[:3] + b"\x64\0\0\0"
    frame = b"ANMF" + struct.pack("<I", 16 + len(still)) + bytes(6) + numbers + still
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + struct.pack("<I", 95)[:3] + struct.pack("<I", 63)[:3]
    body = b"WEBP" + canvas + b"ANIM\6\0\0\0\x20\x40\x80\xff\0\0" + 2 * frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_what_the_first_frame_of_a_webp_leaves_free_is_white() -> None:
    rgb = images.decode(moving_webp())
    assert (rgb[32:] == 255).all() and np.array_equal(rgb[:32], np.asarray(quarters())[:32])
