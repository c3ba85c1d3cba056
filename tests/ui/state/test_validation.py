"""What browsers and programs may send."""

import pytest

from models.errors import BadField
from ui.state.validation import choice, colour, number, whole


@pytest.mark.parametrize("text", ["#ff8000", "#FF8000", "rgb(255, 128, 0)", "rgba(255, 128.2, 0, 1)"])
def test_colours_as_pickers_write_them(text: str) -> None:
    assert colour(text) == (255, 128, 0)


@pytest.mark.parametrize("text", ["", "red", "#fff", "rgb(1,2)", None, "#ff80001"])
def test_other_colours_are_refused(text: object) -> None:
    with pytest.raises(BadField, match="#rrggbb"):
        colour(text)


@pytest.mark.parametrize("value", ["0.5", None, True, float("nan"), 2, [1]])
def test_only_numbers_within_the_limits(value: object) -> None:
    with pytest.raises(BadField, match="from 0 to 1"):
        number("strength", value, (0, 1))
    assert whole("erode", 2.0, (0, 5)) == 2


def test_a_wrong_choice_names_the_right_ones() -> None:
    with pytest.raises(BadField, match="png, jpg"):
        choice("format", "exe", ("png", "jpg"))
