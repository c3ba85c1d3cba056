"""When two answers count as the same."""

import numpy as np
import pytest

from models.parity import of_images, of_scores


@pytest.mark.parametrize(("off", "precision", "same"), [(2, "f32", True), (3, "f32", False), (8, "bf16", True)])
def test_one_pixel_may_be_off_by_a_little(off: int, precision: str, same: bool) -> None:
    stock = np.full((64, 64, 3), 100, np.uint8)
    ours = stock.copy()
    ours[0, 0, 0] += off
    difference = of_images("one pixel", ours, stock, precision)  # type: ignore[arg-type]
    assert (difference.largest, difference.within) == (off, same)
    assert str(difference).endswith("ok" if same else "OFF")


def test_all_of_a_picture_may_not() -> None:
    stock = np.full((8, 8, 3), 100, np.uint8)
    assert not of_images("shifted", stock + 1, stock, "f32").within


def test_another_strongest_emotion_is_never_the_same() -> None:
    stock, ours = np.array([0.50001, 0.49999]), np.array([0.49999, 0.50001])
    assert of_scores("scores", stock + 1e-6, stock, "f32").within
    assert of_scores("scores", ours, stock, "f32").largest == 1
