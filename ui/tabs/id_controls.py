"""The controls of ID photos, shown when one is made."""

from typing import Any

import gradio as gr

from models.tasks.id_photo import Options
from ui.buttons import TELL_BUTTON, button, row
from ui.i18n.language import label
from ui.tabs.controls import choices, control, option_of
from ui.tabs.presets import SWATCHES

SHOW = """(output) => [
    {__type__: "update", visible: output === "id" || output === "sheet"},
    {__type__: "update", visible: output === "id"},
    {__type__: "update", visible: output === "sheet"},
]"""

SHOW_OWN = """(size) => ({__type__: "update", visible: size === "own"})"""


class IdControls:
    """Size, usual backgrounds, place of the head, limit of the file; paper for a sheet."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_classes="id-photo", elem_id="matting-id") as self.group:
            self.size = _dropdown("id_size")
            with gr.Row(visible=False, elem_id="matting-id-own") as self.own:
                self.width, self.height = _number("id_width", min_width=90), _number("id_height", min_width=90)
                self.unit = control(Options, "id_unit", min_width=120)
            swatches = [button(name, f"id_{name}", id=f"matting-{name}", look=f"swatch {name}") for name in SWATCHES]
            self.swatches = gr.HTML(row(swatches, "presets"), js_on_load=TELL_BUTTON)
            with gr.Row():
                self.zoom = control(Options, "id_zoom", elem_id="matting-id-zoom")
                self.shift = control(Options, "id_shift")
            self.limit = _number("id_limit", precision=0, info=label("id_limit_info"))
            self.paper = _dropdown("paper", visible=False)

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "id_size": self.size,
            "id_width": self.width,
            "id_height": self.height,
            "id_unit": self.unit,
            "id_zoom": self.zoom,
            "id_shift": self.shift,
            "id_limit": self.limit,
            "paper": self.paper,
        }

    def shown_by(self, output: gr.Radio) -> None:
        """Only what belongs to the chosen output is there."""
        output.change(None, output, [self.group, self.limit, self.paper], js=SHOW)
        self.size.change(None, self.size, self.own, js=SHOW_OWN)

    @staticmethod
    def unused(given: dict[str, Any]) -> set[str]:
        """Settings without a meaning while others are as they are: what is hidden may be empty."""
        return set() if given["id_size"] == "own" else {"id_width", "id_height", "id_unit"}


def _dropdown(name: str, **look: Any) -> gr.Dropdown:
    option, elem_id = option_of(Options, name), f"matting-{name.replace('_', '-')}"
    offered = choices(option.choices, name)
    return gr.Dropdown(offered, value=option.default, label=label(name), filterable=False, elem_id=elem_id, **look)


def _number(name: str, **look: Any) -> gr.Number:
    option, elem_id = option_of(Options, name), f"matting-{name.replace('_', '-')}"
    return gr.Number(
        option.default, minimum=option.low, maximum=option.high, label=label(name), elem_id=elem_id, **look
    )
