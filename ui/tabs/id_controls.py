"""The controls of ID photos, shown when one is made."""

from typing import Any

import gradio as gr

from models.tasks.id_photo import Options
from ui.i18n.language import label
from ui.tabs.controls import choices, control, option_of
from ui.tabs.presets import BLUE

COLOURS = {"white": "#ffffff", "blue": BLUE, "red": "#d9001b"}

SHOW = """(output) => [
    {__type__: "update", visible: output === "id" || output === "sheet"},
    {__type__: "update", visible: output === "id"},
    {__type__: "update", visible: output === "sheet"},
]"""


class IdControls:
    """Size, usual backgrounds, place of the head, limit of the file; paper for a sheet."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_classes="id-photo", elem_id="matting-id") as self.group:
            self.size = _dropdown("id_size")
            with gr.Row(elem_classes="presets swatches"):
                self.colours = {
                    value: gr.Button(label(f"id_{name}"), size="sm", min_width=80, elem_classes=f"swatch {name}")
                    for name, value in COLOURS.items()
                }
            with gr.Row():
                self.zoom = control(Options, "id_zoom", elem_id="matting-id-zoom")
                self.shift = control(Options, "id_shift")
            limit = option_of(Options, "id_limit")
            self.limit = gr.Number(
                limit.default,
                minimum=limit.low,
                maximum=limit.high,
                precision=0,
                label=label("id_limit"),
                info=label("id_limit_info"),
                elem_id="matting-id-limit",
            )
            self.paper = _dropdown("paper", visible=False)

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "id_size": self.size,
            "id_zoom": self.zoom,
            "id_shift": self.shift,
            "id_limit": self.limit,
            "paper": self.paper,
        }

    def shown_by(self, output: gr.Radio) -> None:
        """Only what belongs to the chosen output is there."""
        output.change(None, output, [self.group, self.limit, self.paper], js=SHOW)


def _dropdown(name: str, **look: Any) -> gr.Dropdown:
    option, elem_id = option_of(Options, name), f"matting-{name.replace('_', '-')}"
    offered = choices(option.choices, name)
    return gr.Dropdown(offered, value=option.default, label=label(name), filterable=False, elem_id=elem_id, **look)
