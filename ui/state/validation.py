"""Parameters as browsers and programs send them, checked."""

import re
from collections.abc import Sequence

from models.errors import BadField
from models.finish.background import Colour

_HEX = re.compile(r"#([0-9a-fA-F]{6})")
_RGB = re.compile(r"rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)\s*(?:[,/].*)?\)")


def choice(field: str, value: object, choices: Sequence[str]) -> str:
    """`value`, if it is one of `choices`."""
    if value in choices:
        return str(value)
    listed = ", ".join(choices)
    raise BadField(
        f"{field} is {str(value)[:40]!r}; choose one of {listed}.",
        reason="unknown_choice",
        field=field,
        value=str(value)[:40],
        choices=listed,
    )


def number(field: str, value: object, limits: tuple[float, float]) -> float:
    """`value` as a number within `limits`, both included."""
    low, high = limits
    if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    raise BadField(
        f"{field} is {str(value)[:40]!r}; give a number from {low} to {high}.",
        reason="out_of_range",
        field=field,
        value=str(value)[:40],
        low=low,
        high=high,
    )


def whole(field: str, value: object, limits: tuple[int, int]) -> int:
    return round(number(field, value, limits))


def colour(value: object) -> Colour:
    """`#rrggbb`, or `rgb(r, g, b)` as the colour picker writes it."""
    text = str(value).strip()
    if match := _HEX.fullmatch(text):
        digits = match[1]
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _RGB.fullmatch(text):
        red, green, blue = (min(255, round(float(part))) for part in match.groups())
        return red, green, blue
    raise BadField(f"The colour {text[:40]!r} is not #rrggbb.", reason="bad_colour", value=text[:40])
