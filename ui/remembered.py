"""The settings a visitor chose last, kept in the browser alone and put back when the page is opened again."""

import math
from typing import Any

import gradio as gr

from models.errors import BadField
from ui.fields import colour
from ui.tab import Tab

VERSION = 1  # what other versions have stored is left alone
_EVENT: dict[str, Any] = {
    "preprocess": False,
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}


class Remembered:
    """The settings of one tab, by name."""

    def __init__(self, blocks: gr.Blocks, tab: Tab, name: str) -> None:
        self._settings = tab.settings
        self.stored = gr.BrowserState(storage_key=f"prewarm-{name}-{VERSION}", secret="no secret")
        controls = list(tab.settings.values())
        blocks.load(self.put_back, self.stored, controls, **_EVENT)
        changes = [control.change for control in controls]
        gr.on(changes, None, controls, self.stored, js=_store(list(tab.settings)), **_EVENT)

    def put_back(self, stored: object) -> list[Any]:
        """A value for every control; what was never stored, or means nothing any more, changes nothing."""
        values = stored if isinstance(stored, dict) else {}
        return [
            values[name] if name in values and is_valid(control, values[name]) else gr.skip()
            for name, control in self._settings.items()
        ]


def _store(names: list[str]) -> str:
    return f"(...values) => Object.fromEntries({names}.map((name, place) => [name, values[place]]))"


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
