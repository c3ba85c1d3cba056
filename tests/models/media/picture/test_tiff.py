"""TIFF within the bounds of the other formats; that it is read at all stands in test_images.py."""

import struct
import time

import numpy as np
import pytest

from models.errors import PrewarmError, TooLarge
from models.media import images
from models.media.picture import tiff
from tests.helpers.odd_files import peak_mb_since_reset, reset_peak
from tests.helpers.picture_makers import claiming, counted, quarters, saved, shared_strips, tiled, turned, valued
from tests.models.media.test_images import linux


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}], ids=str)
def test_the_directory_tells_the_size(options):
    assert tiff.size_of(saved(quarters(), "TIFF", **options)) == (96, 64)


def test_a_turned_page_is_measured_upright():
    assert images.measure(turned(6, "TIFF")) == (96, 64)


HOSTILE = {
    "huge tiles": lambda: tiled(40_000),
    "shared strips": shared_strips,
    "many strips": lambda: counted(saved(quarters(), "TIFF"), 273, 10**7),
    "no directory": lambda: b"II*\0\xff\xff\xff\xff" + bytes(100),
    "directory of directories": lambda: b"II*\0\x08\0\0\0\xff\xff" + bytes(100),
    "big offsets": lambda: b"II+\0\x08\0\0\0" + struct.pack("<Q", 2**64 - 1) + bytes(100),
    "no width": lambda: valued(saved(quarters(), "TIFF"), 256, 0),
    "wide": lambda: claiming("TIFF", 2**31, 2**31),
    "packed nothing": lambda: valued(saved(quarters(), "TIFF", compression="tiff_lzw"), 279, 0),
}


@linux
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once_without_memory_or_a_word(name, capfd):
    data = HOSTILE[name]()
    before, start = reset_peak(), time.thread_time()
    with pytest.raises(PrewarmError):
        images.decode(data)
    assert time.thread_time() - start < 0.1
    assert peak_mb_since_reset() - before < 10
    assert capfd.readouterr() == ("", "")


def test_a_large_page_is_refused_by_its_pixels():
    with pytest.raises(TooLarge) as caught:
        images.measure(claiming("TIFF", 8000, 8000))
    assert caught.value.reason == "image_pixels"


def test_mutations_give_a_picture_or_a_sentence_and_print_nothing(capfd):
    random = np.random.default_rng(0)
    packings = (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
    seeds = [saved(quarters(), "TIFF", compression=name) for name in packings]
    seeds += [saved(quarters("1"), "TIFF", compression="group4"), tiled(32), turned(6, "TIFF")]
    for place in range(1000):
        data = bytearray(seeds[place % len(seeds)])
        first = struct.unpack_from("<I", data, 4)[0]
        for _ in range(random.integers(1, 8)):
            span = (4, len(data)) if random.random() < 0.4 else (first, min(first + 200, len(data)))
            data[random.integers(*span)] = random.integers(256)
        try:
            images.decode(bytes(data))
        except PrewarmError as error:
            assert error.reason
    assert capfd.readouterr() == ("", "")
