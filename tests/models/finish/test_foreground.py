"""The old background leaves the edge, the person's own colours stay."""

import cv2
import numpy as np
import pytest

from models.finish.cutout import composite
from models.finish.foreground import foreground
from tests.helpers.drawings import portrait

GREEN = (20, 200, 60)


@pytest.fixture(scope="module")
def before_green() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A person with soft edges and hair, as photographed before green; the true colours; the true matte."""
    own = cv2.GaussianBlur(portrait(), (0, 0), 25)
    solid = cv2.ellipse(np.zeros(own.shape[:2], np.float32), (450, 600), (260, 420), 0, 0, 360, 1.0, -1)
    for x in range(200, 720, 24):
        cv2.line(solid, (450, 500), (x, 120 + abs(450 - x) // 2), 1.0, 2, cv2.LINE_AA)
    matte = cv2.GaussianBlur(solid, (0, 0), 4)
    share = matte[..., None]
    return np.rint(own * share + np.float32(GREEN) * (1 - share)).astype(np.uint8), own, matte


def greenness(rgb: np.ndarray) -> np.ndarray:
    return rgb[..., 1].astype(float) - rgb[..., [0, 2]].max(axis=-1)


def test_the_green_fringe_is_gone(before_green: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    photo, own, matte = before_green
    edge = (matte > 0.05) & (matte < 0.95)
    alpha = np.rint(matte * 255).astype(np.uint8)
    truth, fringed, cleaned = (composite(rgb, alpha, (255, 255, 255)) for rgb in (own, photo, foreground(photo, matte)))
    fringe = [(greenness(picture) - greenness(truth))[edge].mean() for picture in (fringed, cleaned)]
    error = [np.abs(picture.astype(float) - truth)[edge].mean() for picture in (fringed, cleaned)]
    assert fringe[0] > 20 and abs(fringe[1]) < 1.5
    assert error[0] > 10 and error[1] < 4


def test_solid_pixels_are_the_photos_own(before_green: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    photo, _, matte = before_green
    assert np.array_equal(foreground(photo, matte)[matte == 1], photo[matte == 1])


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (257, 31)])
def test_any_matte_of_any_size_gives_a_picture(share: float, shape: tuple[int, int]) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    own = foreground(photo, np.full(shape, share, np.float32))
    assert own.shape == photo.shape and own.dtype == np.uint8
