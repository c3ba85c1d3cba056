"""What browsers and programs may send."""

import pytest

from models.errors import BadField
from ui.state.validation import colour, hex_colour


@pytest.mark.parametrize("text", ["#ff8000", "#FF8000", "rgb(255, 128, 0)", "rgba(255, 128.2, 0, 1)"])
def test_colours_as_pickers_write_them(text: str) -> None:
    assert (colour(text), hex_colour(text)) == ((255, 128, 0), "#ff8000")


@pytest.mark.parametrize("text", ["", "red", "#fff", "rgb(1,2)", None, "#ff80001"])
def test_other_colours_are_refused(text: object) -> None:
    with pytest.raises(BadField, match="#rrggbb"):
        colour(text)
