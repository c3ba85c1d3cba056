"""Matte to cutout: who is kept, how hard the edge is, what lies behind."""

import numpy as np
import pytest

from models.finish.cutout import composite, is_empty, refine

RGB = np.full((64, 64, 3), (200, 100, 50), np.uint8)


def disc() -> np.ndarray:
    """Somebody in the middle, solid, with a faint veil over the whole frame."""
    y, x = np.mgrid[0:64, 0:64]
    return np.where(np.hypot(x - 32, y - 32) < 20, 1.0, 0.03).astype(np.float32)


def test_what_is_below_the_threshold_goes_and_the_person_stays() -> None:
    kept = refine(disc(), alpha_threshold=10, erode=0, feather=False)
    assert kept[32, 32] == 255 and kept[2, 2] == 0
    assert refine(disc(), alpha_threshold=0, erode=0, feather=False)[2, 2] == 8


@pytest.mark.parametrize("erode", [1, 3])
def test_the_edge_moves_in_by_so_many_pixels(erode: int) -> None:
    before = refine(disc(), erode=0, feather=False)[32]
    after = refine(disc(), erode=erode, feather=False)[32]
    assert (before > 0).sum() - (after > 0).sum() == 2 * erode


def test_a_feathered_edge_is_soft_and_a_plain_one_hard() -> None:
    assert set(np.unique(refine(disc(), feather=False))) == {0, 255}
    assert len(np.unique(refine(disc(), feather=True))) > 2


def test_the_photo_keeps_its_colours_and_the_background_shows_where_nobody_is() -> None:
    alpha = refine(disc(), feather=False)
    cut = composite(RGB, alpha)
    assert np.array_equal(cut[..., :3], RGB) and np.array_equal(cut[..., 3], alpha)
    before_blue = composite(RGB, alpha, (0, 0, 255))
    assert before_blue[32, 32].tolist() == [200, 100, 50] and before_blue[2, 2].tolist() == [0, 0, 255]


def test_nobody_is_hardly_any_of_the_frame() -> None:
    assert is_empty(np.zeros((64, 64), np.float32)) and not is_empty(disc())
