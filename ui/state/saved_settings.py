"""The settings a visitor chose last, kept in the browser alone and put back when the page is opened again."""

import json
from typing import Any

import gradio as gr

from models.finish.background import HEX
from ui.state.control_values import RGB
from ui.tabs.base import Tab

VERSION = 1  # what other versions have stored is left alone
_EVENT: dict[str, Any] = {
    "preprocess": False,
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}
# In the browser: a server's answer would draw every control anew, on a first visit too.
PUT_BACK = "(stored) => window.prewarm.stillMeant(stored, {})"


class Remembered:
    """The settings of one tab, by name."""

    def __init__(self, blocks: gr.Blocks, tab: Tab, name: str) -> None:
        self.stored = gr.BrowserState(storage_key=f"prewarm-{name}-{VERSION}", secret="no secret")
        controls = list(tab.settings.values())
        told = {name: may_be(control) for name, control in tab.settings.items()}
        blocks.load(None, self.stored, controls, js=PUT_BACK.format(json.dumps(told)), **_EVENT)
        changes = [control.change for control in controls]
        gr.on(changes, None, controls, self.stored, js=_store(list(tab.settings)), **_EVENT)


def may_be(control: Any) -> dict[str, Any]:
    """What the browser could have got from `control`: one of some values, a number of a range, or a text."""
    if isinstance(control, (gr.Radio, gr.Dropdown)):
        return {"choices": [key for _, key in control.choices]}
    if isinstance(control, gr.Checkbox):
        return {"choices": [True, False]}
    if isinstance(control, gr.ColorPicker):
        return {"pattern": f"^(?:{HEX.pattern}|{RGB.pattern})$"}
    return {"range": [control.minimum, control.maximum]}


def _store(names: list[str]) -> str:
    return f"(...values) => Object.fromEntries({names}.map((name, place) => [name, values[place]]))"
