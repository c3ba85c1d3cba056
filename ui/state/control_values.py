"""What the values of controls may be, wherever they were kept meanwhile."""

import math
import re
from collections.abc import Mapping
from typing import Any

import gradio as gr

from models.errors import BadField
from models.finish import background
from models.finish.background import Colour
from ui.state.files import uploaded

RGB = re.compile(r"rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)\s*(?:[,/].*)?\)")


def storable(control: Any, value: Any) -> Any:
    """`value` as it may be kept and put back: an uploaded file by its path alone, anything odd as the control's own."""
    if isinstance(control, (gr.Image, gr.File, gr.Audio)):
        return _uploaded(value)
    return value if is_valid(control, value) else control.value


def restored(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Updates that set controls to what was kept of them; a file that is gone meanwhile is none."""
    now = {control: storable(control, value) for control, value in values.items()}
    return {
        control: gr.update(value=value["path"] if isinstance(value, dict) else value) for control, value in now.items()
    }


def colour(value: object) -> Colour:
    """`#rrggbb`, or `rgb(r, g, b)` as the colour picker writes it."""
    text = str(value).strip()
    if found := background.hex_colour(text):
        return found
    if match := RGB.fullmatch(text):
        red, green, blue = (min(255, round(float(part))) for part in match.groups())
        return red, green, blue
    raise BadField(f"The colour {text[:40]!r} is not #rrggbb.", reason="bad_colour", value=text[:40])


def hex_colour(value: object) -> str:
    """The same as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour(value))


def _uploaded(value: Any) -> dict[str, str] | None:
    try:
        return {"path": str(uploaded(value))}
    except BadField:
        return None


def is_valid(control: Any, value: object) -> bool:
    """Whether the browser could have got `value` from `control`."""
    if isinstance(control, (gr.Radio, gr.Dropdown)):
        return any(value == key and type(value) is type(key) for _, key in control.choices)
    if isinstance(control, gr.Checkbox):
        return isinstance(value, bool)
    if isinstance(control, gr.ColorPicker):
        return _is_colour(value)
    if isinstance(control, (gr.Slider, gr.Number)):
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        return number and _within(control, float(value))  # type: ignore[arg-type]
    return False


def _within(control: Any, value: float) -> bool:
    low = -math.inf if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    return low <= value <= high


def _is_colour(value: object) -> bool:
    try:
        colour(value)
    except BadField:
        return False
    return True
