"""What the page says of ID photos is what they are."""

import pytest

from models.finish.id_photo import SIZES
from ui.i18n.texts import TEXTS


@pytest.mark.parametrize("name", SIZES)
def test_the_pixels_in_the_label_are_the_pixels_of_the_photo(name: str) -> None:
    width, height = SIZES[name].pixels
    assert all(f"{width} × {height} " in text for text in TEXTS[f"id_size_{name}"])
