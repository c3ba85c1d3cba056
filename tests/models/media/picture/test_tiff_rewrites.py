"""TIFFs whose directory is written anew; how they look stands in test_images.py."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from models.media.picture import tiff_rewrites
from tests.helpers.picture_makers import planes, quarters, saved


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_planes_and_long_offsets_become_what_pillow_reads(order: str, big: bool) -> None:
    given = planes(order, big=big)
    readable = tiff_rewrites.readable(given)
    assert readable[:4] == (b"II*\0" if order == "<" else b"MM\0*")
    assert np.asarray(Image.open(io.BytesIO(readable)).convert("RGB")).std() > 10


def test_others_stay_as_they_are() -> None:
    data = saved(quarters(), "TIFF")
    assert tiff_rewrites.readable(data) is data


def test_a_directory_beyond_the_file_is_an_error() -> None:
    with pytest.raises(struct.error):
        tiff_rewrites.readable(b"MM\0+\0\x08\0\0" + struct.pack(">Q", 2**40))
