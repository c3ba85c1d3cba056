"""The controls of ID photos, shown when one is made."""

from typing import Any

import gradio as gr

from models.finish.id_photo import LIMIT_RANGE, SHIFT_DEFAULT, SHIFT_RANGE, SIZES, ZOOM_DEFAULT, ZOOM_RANGE
from models.finish.print_sheet import PAPERS
from ui.i18n.language import label
from ui.tabs.presets import BLUE

COLOURS = {"white": "#ffffff", "blue": BLUE, "red": "#d9001b"}

SHOW = """(output) => [
    {__type__: "update", visible: output !== "cutout"},
    {__type__: "update", visible: output === "id"},
    {__type__: "update", visible: output === "sheet"},
]"""


class IdControls:
    """Size, usual backgrounds, place of the head, limit of the file; paper for a sheet."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_classes="id-photo", elem_id="matting-id") as self.group:
            self.size = _choice("id_size", list(SIZES), "cn_1")
            with gr.Row(elem_classes="presets swatches"):
                self.colours = {
                    value: gr.Button(label(f"id_{name}"), size="sm", min_width=80, elem_classes=f"swatch {name}")
                    for name, value in COLOURS.items()
                }
            with gr.Row():
                self.zoom = gr.Slider(
                    *ZOOM_RANGE, value=ZOOM_DEFAULT, step=0.02, label=label("id_zoom"), elem_id="matting-id-zoom"
                )
                self.shift = gr.Slider(*SHIFT_RANGE, value=SHIFT_DEFAULT, step=0.01, label=label("id_shift"))
            self.limit = gr.Number(
                0,
                minimum=0,
                maximum=LIMIT_RANGE[1],
                precision=0,
                label=label("id_limit"),
                info=label("id_limit_info"),
                elem_id="matting-id-limit",
            )
            self.paper = _choice("paper", list(PAPERS), "6in", visible=False)

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


def _choice(name: str, keys: list[str], value: str, **look: Any) -> gr.Dropdown:
    choices: list[Any] = [(label(f"{name}_{key}"), key) for key in keys]
    return gr.Dropdown(
        choices, value=value, label=label(name), filterable=False, elem_id=f"matting-{name.replace('_', '-')}", **look
    )
