"""The cartoon tab: a style runs the model, everything else only finishes."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np

import preload
from models import images
from models.cartoon import RESOLUTION_DEFAULT, RESOLUTION_RANGE, STRENGTH_DEFAULT, STRENGTH_RANGE
from models.catalog import STYLES
from settings import RETENTION_MINUTES
from ui.drawing import FORMATS, QUALITY_DEFAULT, QUALITY_RANGE, Finish, Kept, draw, finished, with_faces
from ui.files import Payload, publish, uploaded_image
from ui.language import i18n, language_of, say
from ui.messages import explain, facts, note, run_facts, visitor_of, waiting_note
from ui.panel import FINISH_EVENT, RUN_EVENT, ImagePanel, Updates, loading_html, photo_input
from ui.shelf import Shelf


class CartoonTab:
    """The components of the tab and what happens on them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.kept = gr.State(time_to_live=RETENTION_MINUTES * 60, delete_callback=shelf.drop)
        gr.HTML(loading_html("cartoon"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel = ImagePanel("cartoon", icon="🎨", views=("result", "compare", "faces"))
        self._events()

    def _controls(self) -> None:
        self.photo = photo_input("cartoon-photo")
        styles: list[Any] = [(i18n(f"style_{style}"), style) for style in STYLES]
        self.style = gr.Radio(
            styles, value=STYLES[0], label=i18n("style"), elem_classes="chips", elem_id="cartoon-style"
        )
        self.button = gr.Button(i18n("cartoon_run"), variant="primary", elem_classes="run", elem_id="cartoon-run")
        with gr.Column(elem_classes="finishing"):
            self._finishing()

    def _finishing(self) -> None:
        self.strength = gr.Slider(
            *STRENGTH_RANGE,
            value=STRENGTH_DEFAULT,
            step=0.05,
            label=i18n("strength"),
            info=i18n("strength_info"),
            elem_id="cartoon-strength",
        )
        self.resolution = gr.Slider(
            *RESOLUTION_RANGE,
            value=RESOLUTION_DEFAULT,
            step=64,
            label=i18n("resolution"),
            info=i18n("resolution_info"),
        )
        with gr.Row():
            self.format = gr.Radio(list(FORMATS), value="png", label=i18n("format"), elem_classes="chips")
            self.quality = gr.Slider(
                *QUALITY_RANGE, value=QUALITY_DEFAULT, step=1, label=i18n("quality"), info=i18n("quality_info")
            )

    def _events(self) -> None:
        finishing = [self.strength, self.resolution, self.format, self.quality, self.panel.view]
        gr.on(
            [self.button.click, self.photo.change, self.style.input],
            self.run,
            [self.photo, self.style, self.kept, *finishing],
            [self.kept, *self.panel.components],
            **RUN_EVENT,
        )
        gr.on(
            [component.input for component in finishing],
            self.finish,
            [self.kept, *finishing],
            self.panel.components,
            **FINISH_EVENT,
        )

    def run(
        self,
        photo: Payload | None,
        style: object,
        token: str | None,
        strength: object,
        resolution: object,
        format: object,
        quality: object,
        view: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """The model pass and its finish; says so first when the model is not there yet."""
        self._shelf.drop(token)
        if photo is None:
            yield self.panel.cleared() | {self.kept: None}
            return
        try:
            if text := waiting_note(preload.cartoon, style, language_of(request)):
                yield self.panel.said(text)
            kept = draw(uploaded_image(photo), style, visitor=visitor_of(request))
            finish = Finish.checked(strength, resolution, format, quality)
            yield {self.kept: self._shelf.put(kept)} | self._shown(kept, finish, view, language_of(request))
        except Exception as error:
            yield self.panel.failed(explain(error, request)) | {self.kept: None}

    def finish(
        self,
        token: str | None,
        strength: object,
        resolution: object,
        format: object,
        quality: object,
        view: str,
        request: gr.Request,
    ) -> Updates:
        """New strength, size, format or view of the kept pass: the model does not run."""
        try:
            kept: Kept | None = self._shelf.get(token)
            if kept is None:
                return self.panel.said(note(say(language_of(request), "gone"))) if token else self.panel.unchanged()
            finish = Finish.checked(strength, resolution, format, quality)
            return self._shown(kept, finish, view, language_of(request))
        except Exception as error:
            return self.panel.said(note(explain(error, request), kind="error"))

    def _shown(self, kept: Kept, finish: Finish, view: str, language: str) -> Updates:
        started = time.perf_counter()
        image = finished(kept, finish)
        file = publish(images.encode(image, finish.format, finish.quality), f"cartoon.{finish.format}")
        shown = with_faces(image, kept) if view == "faces" else image
        return self.panel.shown(
            shown,
            before=kept.before,
            view=view,
            message=_note(kept, language),
            facts=_facts(kept, image, time.perf_counter() - started, language),
            file=file,
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
