"""TIFFs of unusual samples come out in their colours, upright, over white."""

from collections.abc import Callable

import numpy as np
import pytest

from models.errors import BadImage, WrongKind
from models.media import images
from tests.helpers.picture_makers import COLOURS, HEIGHT, WIDTH, lab, quarters
from tests.helpers.tiff_makers import (
    DEFLATE,
    LZW,
    OLD_DEFLATE,
    PACKBITS,
    PLAIN,
    ZSTD,
    deep,
    ink,
    samples,
    with_hole,
)

CORNERS = (16, 24), (16, 72), (48, 24), (48, 72)
STRAIGHT, MULTIPLIED, UNSPECIFIED = 2, 1, 0
RGB, GREY = np.asarray(quarters()), np.asarray(quarters("L"))[..., None]
LAB = np.frombuffer(lab().tobytes(), np.uint8).reshape(HEIGHT, WIDTH, 3)
SIGNS = np.array([0, 128, 128], np.uint8)
NUMBERS = np.arange(4).reshape(2, 2).repeat(HEIGHT // 2, 0).repeat(WIDTH // 2, 1)[..., None]

COLOURED: dict[str, Callable[..., bytes]] = {
    "rgb": lambda **how: samples(RGB, 2, **how),
    "rgb_16": lambda **how: samples(deep(RGB, 16), 2, 16, **how),
    "rgb_alpha_16": lambda **how: samples(with_hole(deep(RGB, 16), 65535), 2, 16, extra=(STRAIGHT,), **how),
    "rgb_multiplied": lambda **how: samples(with_hole(RGB, multiplied=True), 2, extra=(MULTIPLIED,), **how),
    "rgb_and_more": lambda **how: samples(np.dstack([RGB, GREY, GREY]), 2, extra=(UNSPECIFIED,) * 2, **how),
    "ink": lambda **how: samples(ink(), 5, **how),
    "ink_16": lambda **how: samples(deep(ink(), 16), 5, 16, **how),
    "ink_alpha": lambda **how: samples(with_hole(ink()), 5, extra=(STRAIGHT,), **how),
    "ink_alpha_16": lambda **how: samples(with_hole(deep(ink(), 16), 65535), 5, 16, extra=(STRAIGHT,), **how),
    "ink_multiplied": lambda **how: samples(with_hole(ink(), multiplied=True), 5, extra=(MULTIPLIED,), **how),
    "ink_and_more": lambda **how: samples(np.dstack([ink(), GREY]), 5, extra=(UNSPECIFIED,), **how),
    "lab": lambda **how: samples(LAB, 8, **how),
    "lab_alpha": lambda **how: samples(with_hole(LAB), 8, extra=(STRAIGHT,), **how),
    "lab_of_profiles": lambda **how: samples(LAB ^ SIGNS, 9, **how),
    "ycbcr": lambda **how: samples(np.asarray(quarters().convert("YCbCr")), 6, tags={530: [1, 1]}, **how),
}
GREYS: dict[str, Callable[..., bytes]] = {
    "grey": lambda **how: samples(GREY, 1, **how),
    "grey_alpha": lambda **how: samples(with_hole(GREY), 1, extra=(STRAIGHT,), **how),
    "grey_alpha_16": lambda **how: samples(with_hole(deep(GREY, 16), 65535), 1, 16, extra=(STRAIGHT,), **how),
    "grey_multiplied": lambda **how: samples(with_hole(GREY, multiplied=True), 1, extra=(MULTIPLIED,), **how),
    "white_first": lambda **how: samples(255 - GREY, 0, **how),
    "white_first_16": lambda **how: samples(deep(255 - GREY, 16), 0, 16, **how),
}
LAYOUTS = {
    "strips": {"rows": 13, "packing": LZW},
    "tiles": {"tile": (64, 48), "packing": ZSTD},
    "planes": {"planes": True, "rows": 16, "packing": PACKBITS},
    "planes_in_tiles": {"planes": True, "tile": (48, 16), "packing": DEFLATE},
    "predictor": {"predictor": True, "packing": OLD_DEFLATE, "rows": 40},
    "big_endian": {"order": ">", "packing": DEFLATE},
    "big_tiff": {"order": ">", "big": True, "packing": PLAIN},
    "predictor_in_tiles": {"order": ">", "predictor": True, "tile": (32, 32), "packing": LZW},
}


def farthest(data: bytes, wanted: np.ndarray) -> int:
    rgb = images.decode(data)
    assert rgb.shape == (HEIGHT, WIDTH, 3) and images.measure(data) == (WIDTH, HEIGHT)
    return int(np.abs(np.array([rgb[corner] for corner in CORNERS], int) - wanted).max())


def grey(values: np.ndarray) -> np.ndarray:
    return np.array([values[corner] for corner in CORNERS], int).repeat(3, axis=1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_colour_is_itself_in_every_layout(layout: str) -> None:
    how = LAYOUTS[layout]
    far = {name: farthest(make(**how), np.array(COLOURS)) for name, make in COLOURED.items()}
    far |= {name: farthest(make(**how), grey(GREY)) for name, make in GREYS.items()}
    assert max(far.values()) <= 3, far


@pytest.mark.parametrize("bits", [1, 2, 4, 6, 10, 12, 14])
def test_any_depth_is_scaled_to_eight_bits(bits: int) -> None:
    seen = deep(GREY, bits) * 255 / (2**bits - 1)
    assert farthest(samples(deep(GREY, bits), 1, bits, packing=DEFLATE), grey(seen)) <= 1
    assert farthest(samples(deep(RGB, max(bits, 4)), 2, max(bits, 4)), np.array(COLOURS)) <= 9


@pytest.mark.parametrize(("bits", "packing"), [(2, PLAIN), (4, LZW), (8, ZSTD), (16, DEFLATE)])
def test_numbers_of_colours_are_looked_up(bits: int, packing: int) -> None:
    palette = np.zeros((3, 2**bits), int)
    palette[:, :4] = np.array(COLOURS).T
    for scale in (1, 257):
        tags = {320: [*map(int, palette.ravel() * scale)]}
        assert farthest(samples(NUMBERS, 3, bits, packing=packing, tags=tags), np.array(COLOURS)) == 0


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_page_is_upright(turn: int) -> None:
    pixels = with_hole(ink())
    pixels = pixels.swapaxes(0, 1) if turn > 4 else pixels
    pixels = pixels[:: -1 if turn in (3, 4, 7, 8) else 1, :: -1 if turn in (2, 3, 6, 7) else 1]
    if turn in (6, 8):  # stored turned the other way
        pixels = pixels[::-1, ::-1]
    assert farthest(samples(pixels, 5, extra=(STRAIGHT,), rows=len(pixels), tags={274: [turn]}), np.array(COLOURS)) <= 1


def test_bits_may_come_in_reversed_order() -> None:
    assert farthest(samples(ink(), 5, reverse=True, packing=LZW), np.array(COLOURS)) <= 1


REFUSED = {
    "TIFF (LZMA)": lambda: samples(RGB, 2, tags={259: [34925]}),
    "TIFF (old JPEG)": lambda: samples(RGB, 2, tags={259: [6]}),
    "TIFF (photometric 32845)": lambda: samples(RGB, 32845),
    "TIFF (YCbCr of lower resolution)": lambda: samples(RGB, 6, tags={530: [2, 2]}),
    "TIFF (unusual samples)": lambda: samples(RGB, 2, tags={258: [5, 6, 5]}),
    "camera RAW": lambda: samples(RGB, 2, tags={254: [1], 330: [8]}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named(name: str) -> None:
    with pytest.raises(WrongKind) as caught:
        images.decode(REFUSED[name]())
    assert caught.value.values == {"kind": name} and name in str(caught.value)


@pytest.mark.parametrize("tags", [{258: [32] * 3}, {339: [3] * 3}, {339: [2] * 3}], ids=str)
def test_fractions_and_more_than_sixteen_bits_are_refused_as_such(tags: dict[int, list[int]]) -> None:
    with pytest.raises(BadImage) as caught:
        images.decode(samples(RGB, 2, tags=tags))
    assert caught.value.reason == "image_depth"
