"""Options: declared once, read and checked by every door."""

from dataclasses import dataclass
from typing import Literal

import pytest

from models.errors import BadField
from models.media.sources import Source
from models.tasks.options import checked, choice, number, option, options_of


@dataclass(frozen=True)
class Drawing:
    pen: Literal["ink", "lead"] = option("ink", "what it is drawn with")
    width: int = option(3, "of the lines", limits=(1, 9), step=2)
    shade: float = option(0.5, "of the paper", limits=(0, 1))
    signed: bool = option(True, "with a name")
    title: str = option("", "below it", example="Dusk")
    frame: Source | None = option(None, "a picture around it")


def test_a_dataclass_declares_its_options() -> None:
    kinds = {one.name: (one.kind, one.type, one.default) for one in options_of(Drawing)}
    assert kinds == {
        "pen": ("choice", str, "ink"),
        "width": ("number", int, 3),
        "shade": ("number", float, 0.5),
        "signed": ("switch", bool, True),
        "title": ("text", str, ""),
        "frame": ("file", bytes, None),
    }
    pen, width = options_of(Drawing)[:2]
    assert (pen.choices, width.low, width.high, width.step, width.doc) == (("ink", "lead"), 1, 9, 2, "of the lines")


def test_values_are_checked_by_name_and_what_is_missing_has_its_default() -> None:
    assert checked(Drawing, {"width": 7.0, "pen": "lead"}) == Drawing(pen="lead", width=7)
    for wrong in ({"pen": "chalk"}, {"width": 10}, {"shade": "dark"}, {"penn": "ink"}):
        with pytest.raises(BadField):
            checked(Drawing, wrong)


@pytest.mark.parametrize("value", ["0.5", None, True, float("nan"), 2, [1]])
def test_only_numbers_within_the_limits(value: object) -> None:
    with pytest.raises(BadField, match="from 0 to 1"):
        number("strength", value, (0, 1))


def test_a_wrong_choice_names_the_right_ones() -> None:
    with pytest.raises(BadField, match="png, jpg"):
        choice("format", "exe", ("png", "jpg"))
