"""What goes behind a cut-out fills the frame as asked."""

import numpy as np
import pytest

from models.finish.background import Direction, Gradient, paint
from models.finish.cutout import composite

BLUE, WHITE = (67, 142, 219), (255, 255, 255)
MIDDLE = tuple(round((a + b) / 2) for a, b in zip(BLUE, WHITE, strict=True))


@pytest.mark.parametrize(
    ("direction", "first", "last"),
    [
        ("down", (0, 50), (-1, 50)),
        ("right", (40, 0), (40, -1)),
        ("diagonal", (0, 0), (-1, -1)),
        ("radial", (450, 650), (0, 0)),
    ],
)
def test_a_gradient_runs_from_its_first_colour_to_its_last(
    direction: Direction, first: tuple[int, int], last: tuple[int, int]
) -> None:
    painted = paint(Gradient(BLUE, WHITE, direction), (900, 1300))
    assert painted.shape == (900, 1300, 3) and painted.dtype == np.uint8
    assert np.abs(painted[first].astype(int) - BLUE).max() <= 2
    assert np.abs(painted[last].astype(int) - WHITE).max() <= 2


def test_a_gradient_has_no_steps_and_passes_the_middle() -> None:
    painted = paint(Gradient(BLUE, WHITE), (3000, 7)).astype(int)
    assert np.abs(np.diff(painted, axis=0)).max() <= 2
    assert np.abs(painted[1500, 3] - MIDDLE).max() <= 2


def test_a_person_stands_before_the_gradient() -> None:
    photo = np.full((64, 64, 3), 10, np.uint8)
    alpha = np.zeros((64, 64), np.uint8)
    alpha[16:48, 16:48] = 255
    picture = composite(photo, alpha, Gradient(BLUE, WHITE, "right"))
    assert picture[32, 32].tolist() == [10, 10, 10] and picture[0, 0].tolist() == list(BLUE)
