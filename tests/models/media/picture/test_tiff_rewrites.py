"""TIFFs whose directory is written anew; how they look stands in test_images.py."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from models.media.picture import tiff_rewrites
from tests.helpers.picture_makers import quarters, saved
from tests.helpers.tiff_makers import samples


def test_long_offsets_the_other_way_round_become_what_pillow_reads() -> None:
    readable = tiff_rewrites.readable(samples(np.asarray(quarters()), 2, order=">", big=True))
    assert readable[:4] == b"MM\0*"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(readable))), np.asarray(quarters()))


def test_others_stay_as_they_are() -> None:
    data = saved(quarters(), "TIFF")
    assert tiff_rewrites.readable(data) is data


def test_a_directory_beyond_the_file_is_an_error() -> None:
    with pytest.raises(struct.error):
        tiff_rewrites.readable(b"MM\0+\0\x08\0\0" + struct.pack(">Q", 2**40))
