"""What a browser leaves out of a damaged PNG; that pictures look as in one stands in test_images.py."""

import struct
import zlib

import numpy as np
import pytest

from models.media import images
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


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_a_level_of_grey_that_is_transparent_is_white(bits: int) -> None:
    levels = np.repeat(np.arange(32)[None] % 2, 32, 0)
    rows = b"".join(b"\0" + _packed(row, bits) for row in levels)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, bits, 0, 0, 0, 0), damaged=False)
    body = chunk(b"tRNS", b"\0\0", damaged=False) + chunk(b"IDAT", zlib.compress(rows), damaged=False)
    rgb = images.decode(b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"", damaged=False))
    assert rgb[0, 0].tolist() == [255] * 3
    assert rgb[0, 1].tolist() == [{1: 255, 2: 85, 4: 17, 8: 1, 16: 0}[bits]] * 3


def _packed(row: np.ndarray, bits: int) -> bytes:
    if bits >= 8:
        return row.astype(f">u{bits // 8}").tobytes()
    return np.packbits((row[:, None] >> np.arange(bits - 1, -1, -1)) & 1).tobytes()
