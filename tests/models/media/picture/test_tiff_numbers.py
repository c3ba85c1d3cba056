"""Numbers of any size and their colours."""

import numpy as np
import pytest

from models.media.picture.tiff_numbers import eight_bits, numbers_of, on_paper


@pytest.mark.parametrize(
    ("bits", "order", "packed", "numbers"),
    [
        (1, "<", [0b10100000], [1, 0, 1, 0, 0, 0, 0, 0]),
        (12, ">", [0x12, 0x3A, 0xBC], [0x123, 0xABC]),
        (16, "<", [1, 2], [0x201]),
        (16, ">", [1, 2], [0x102]),
    ],
)
def test_bits_become_numbers(bits: int, order: str, packed: list[int], numbers: list[int]) -> None:
    assert numbers_of(np.array([packed], np.uint8), bits, order).tolist() == [numbers]


def test_the_most_of_any_depth_is_255() -> None:
    assert all(eight_bits(np.array([0, 2**bits - 1]), bits).tolist() == [0, 255] for bits in (1, 4, 12, 16))


@pytest.mark.parametrize(("multiplied", "ink"), [(False, 100), (True, 200)])
def test_half_an_ink_is_on_paper_what_its_alpha_says(multiplied: bool, ink: int) -> None:
    inks, alpha = np.full((1, 1, 4), 200, np.uint8), np.full((1, 1, 1), 128, np.uint8)
    assert abs(int(on_paper(inks, alpha, "CMYK", multiplied)[0, 0, 0]) - ink) <= 1
