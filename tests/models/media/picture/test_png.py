"""What a browser leaves out of a damaged PNG; that pictures look as in one stands in test_images.py."""

import zlib

import pytest

from models.media.picture import png
from tests.helpers.picture_makers import quarters, saved

FIRST = 33  # behind the signature and IHDR


def chunk(name: bytes, body: bytes, *, damaged: bool) -> bytes:
    checksum = zlib.crc32(name + body) ^ damaged
    return len(body).to_bytes(4, "big") + name + body + checksum.to_bytes(4, "big")


@pytest.mark.parametrize("damaged", [1, 2])
def test_damaged_chunks_that_nobody_needs_are_left_out(damaged: int) -> None:
    whole = saved(quarters(), "PNG")
    extra = b"".join(chunk(b"tEXt", bytes([number]), damaged=True) for number in range(damaged))
    assert png.sound(whole[:FIRST] + extra + whole[FIRST:]) == whole


def test_all_else_stays() -> None:
    whole = saved(quarters(), "PNG")
    needed = whole[:FIRST] + chunk(b"IDAT", b"no", damaged=True) + whole[FIRST:]
    for data in (whole, whole[:-20], whole[:4], needed, whole[:FIRST] + chunk(b"tEXt", b"a", damaged=False)):
        assert png.sound(data) == data
