"""The cartoon tab: a style runs the model, everything else only finishes."""

import time
from typing import Any

import gradio as gr
import numpy as np

import preload
from models import images
from models.cartoon import RESOLUTION_DEFAULT, RESOLUTION_RANGE, STRENGTH_DEFAULT, STRENGTH_RANGE
from models.catalog import STYLES
from models.resident import Resident
from ui.drawing import FORMATS, QUALITY_DEFAULT, QUALITY_RANGE, Finish, Kept, draw, finished, with_faces
from ui.files import uploaded_image
from ui.language import label, say
from ui.messages import facts, note, run_facts
from ui.panel import PicturePanel, Updates, loading_html, photo_input
from ui.shelf import Shelf
from ui.tab import Tab, Values


class CartoonTab(Tab):
    """The components of the tab and what happens on them."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        gr.HTML(loading_html("cartoon"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel: PicturePanel = PicturePanel("cartoon", icon="🎨", views=("result", "compare", "faces"))
        self._events()

    def _controls(self) -> None:
        self.source = photo_input("cartoon-photo")
        styles: list[Any] = [(label(f"style_{style}"), style) for style in STYLES]
        self.style = gr.Radio(
            styles, value=STYLES[0], label=label("style"), elem_classes="chips", elem_id="cartoon-style"
        )
        self.button = gr.Button(label("cartoon_run"), variant="primary", elem_classes="run", elem_id="cartoon-run")
        with gr.Column(elem_classes="finishing"):
            self._finishing()

    def _finishing(self) -> None:
        self.strength = gr.Slider(
            *STRENGTH_RANGE,
            value=STRENGTH_DEFAULT,
            step=0.05,
            label=label("strength"),
            info=label("strength_info"),
            elem_id="cartoon-strength",
        )
        self.resolution = gr.Slider(
            *RESOLUTION_RANGE,
            value=RESOLUTION_DEFAULT,
            step=64,
            label=label("resolution"),
            info=label("resolution_info"),
        )
        with gr.Row():
            self.format = gr.Radio(list(FORMATS), value="png", label=label("format"), elem_classes="chips")
            self.quality = gr.Slider(
                *QUALITY_RANGE, value=QUALITY_DEFAULT, step=1, label=label("quality"), info=label("quality_info")
            )

    def _events(self) -> None:
        self.settings = {
            "style": self.style,
            "strength": self.strength,
            "resolution": self.resolution,
            "format": self.format,
            "quality": self.quality,
        }
        controls = {*self.settings.values(), self.panel.view}
        live: list[Any] = [control for control in controls if control is not self.style]
        self.listen(runs=[self.style.input], finishes=[control.input for control in live], controls=controls)
        self.saves(self.panel.download, self.panel.file, self.written, controls)

    @property
    def resident(self) -> Resident[Any]:
        return preload.cartoon

    def variant(self, values: Values) -> object:
        return values[self.style]

    def model_pass(self, values: Values, *, visitor: str) -> Kept:
        return draw(uploaded_image(values[self.source]), values[self.style], visitor=visitor)

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        started = time.perf_counter()
        image, view = finished(kept, self._finish(values)), values[self.panel.view]
        return self.panel.shown(
            with_faces(image, kept) if view == "faces" else image,
            before=kept.before,
            view=view,
            message=_note(kept, language),
            facts=_facts(kept, image, time.perf_counter() - started, language),
        )

    def written(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        finish = self._finish(values)
        return images.encode(finished(kept, finish), finish.format, finish.quality), f"cartoon.{finish.format}"

    def _finish(self, values: Values) -> Finish:
        return Finish.checked(
            *(values[control] for control in (self.strength, self.resolution, self.format, self.quality))
        )


def _note(kept: Kept, language: str) -> str:
    small = sum(not face.used for face in kept.faces)
    if not kept.faces:
        return note(say(language, "note_no_face"))
    return note(say(language, "note_small_face", count=small, all=len(kept.faces))) if small else ""


def _facts(kept: Kept, image: np.ndarray, seconds: float, language: str) -> str:
    height, width = image.shape[:2]
    parts = [
        say(language, "info_size", width=width, height=height),
        say(language, "info_faces", count=len(kept.faces)),
        *run_facts(kept.run, seconds, language),
    ]
    return facts(parts)
