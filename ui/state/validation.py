"""Parameters as browsers and programs send them, checked."""

import re

from models.errors import BadField
from models.finish import background
from models.finish.background import Colour

_RGB = re.compile(r"rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)\s*(?:[,/].*)?\)")


def colour(value: object) -> Colour:
    """`#rrggbb`, or `rgb(r, g, b)` as the colour picker writes it."""
    text = str(value).strip()
    if found := background.hex_colour(text):
        return found
    if match := _RGB.fullmatch(text):
        red, green, blue = (min(255, round(float(part))) for part in match.groups())
        return red, green, blue
    raise BadField(f"The colour {text[:40]!r} is not #rrggbb.", reason="bad_colour", value=text[:40])


def hex_colour(value: object) -> str:
    """The same as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour(value))
