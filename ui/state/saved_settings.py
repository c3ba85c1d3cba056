"""The settings a visitor chose last, kept in the browser alone and put back when the page is opened again."""

from typing import Any

import gradio as gr

from ui.state.control_values import is_valid
from ui.tabs.base import Tab

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
