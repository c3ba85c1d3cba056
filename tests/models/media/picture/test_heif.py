"""HEIC comes out in its colours, upright, over white."""

import struct

import numpy as np
import pytest

from models.errors import BadImage, TooLarge, WrongKind
from models.media import images
from tests.helpers.heif_makers import Box, box, heic
from tests.helpers.picture_makers import COLOURS, DISPLAY_P3, patched, quarters

CORNERS = (16, 24), (16, 72), (48, 24), (48, 72)
RGB = np.asarray(quarters())


def rotated(times: int) -> Box:
    """Anticlockwise, by a quarter each time."""
    return box(b"irot", bytes([times]))


def mirrored(axis: int) -> Box:
    return box(b"imir", bytes([axis]))


def aperture(width: int, height: int, right: int, down: int) -> Box:
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 1, down, 1))


def hole() -> np.ndarray:
    alpha = np.full((64, 96, 1), 255, np.uint8)
    alpha[32:, 48:] = 0
    return alpha


KINDS = {
    "plain": lambda: heic(RGB),
    "by another brand": lambda: heic(RGB, brand=b"mif1"),
    "ten bits": lambda: heic(RGB, bits=10),
    "tiles": lambda: heic(RGB, tile=(64, 64)),
    "tiles, turned": lambda: heic(np.rot90(RGB, -1), rotated(1), tile=(32, 32)),
    "turned once": lambda: heic(np.rot90(RGB, -1), rotated(1)),
    "turned twice": lambda: heic(np.rot90(RGB, 2), rotated(2)),
    "turned thrice": lambda: heic(np.rot90(RGB, 1), rotated(3)),
    "upside down": lambda: heic(RGB[::-1], mirrored(0)),
    "mirrored": lambda: heic(RGB[:, ::-1], mirrored(1)),
    "cut out": lambda: heic(np.pad(RGB, ((10, 22), (6, 26), (0, 0))), aperture(96, 64, -10, -6)),
    "alpha": lambda: heic(np.where(hole(), RGB, 9).astype(np.uint8), alpha=hole()),
}


@pytest.mark.parametrize("name", KINDS)
def test_colours_are_where_they_belong(name: str) -> None:
    data = KINDS[name]()
    rgb = images.decode(data)
    assert rgb.shape == (64, 96, 3) and images.measure(data) == (96, 64)
    assert np.abs(np.array([rgb[corner] for corner in CORNERS], int) - COLOURS).max() <= 3


def test_a_profile_is_followed() -> None:
    wide = heic(RGB, colour=box(b"colr", b"prof" + DISPLAY_P3))
    assert images.decode(wide)[16, 24].astype(int)[0] > COLOURS[0][0] + 10


def test_what_is_too_large_broken_or_of_another_coder_is_a_sentence() -> None:
    data = heic(RGB)
    with pytest.raises(TooLarge):
        images.decode(patched(data, data.index(b"ispe") + 8, struct.pack(">II", 13_000, 13_000)))
    with pytest.raises(WrongKind, match=r"HEIF \(av01\)"):
        images.decode(data.replace(b"hvc1", b"av01"))
    with pytest.raises(WrongKind, match="moving HEIF"):
        images.decode(data.replace(b"meta", b"moov"))
    for damaged in (data[:-300], data[: data.index(b"iprp")], data.replace(b"hvcC", b"none")):
        with pytest.raises(BadImage):
            images.decode(damaged)
