"""Cartoon over photo."""

import numpy as np
import pytest

from models.finish.blend import blend

PHOTO, CARTOON = (np.full((4, 6, 3), grey, np.uint8) for grey in (100, 200))


@pytest.mark.parametrize(("strength", "grey"), [(1.0, 200), (0.7, 170), (0.1, 110)])
def test_strength_is_the_share_of_the_cartoon(strength: float, grey: int) -> None:
    mixed = blend(PHOTO, CARTOON, strength=strength)
    assert mixed.dtype == np.uint8 and (mixed == grey).all()
