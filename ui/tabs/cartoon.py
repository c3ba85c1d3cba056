"""The cartoon tab: a style runs the model, everything else only finishes."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np

from models.catalog import STYLES
from models.finish.face_boxes import with_boxes
from models.tasks.base import AnyTask, Call
from models.tasks.cartoon import CARTOON, Options, Pass, Result
from models.tasks.options import checked
from ui.i18n.language import label, language_of, say
from ui.i18n.messages import explain, facts, note, run_facts
from ui.state.files import publish_preview
from ui.state.kept import Kept
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.controls import control
from ui.tabs.examples import Examples
from ui.tabs.result_panel import PicturePanel, Updates, photo_input
from ui.tabs.style_tiles import begin, progress

LOOK_SECONDS = 0.4  # between two looks at a style that is being loaded
SHOW_QUALITY = """(format) => ({__type__: "update", visible: format !== "png"})"""


class CartoonPanel(PicturePanel):
    """And, at the tiles, how far a style is that is loaded on demand; `look` ticks until it is settled."""

    def __init__(self, style_state: gr.HTML) -> None:
        super().__init__("cartoon", views=("result", "compare", "faces"))
        self.style_state = style_state
        self.look = gr.Timer(LOOK_SECONDS, active=False)

    @property
    def components(self) -> set[Any]:
        return super().components | {self.style_state, self.look}

    def style_said(self, html: str, *, looking: bool = False) -> Updates:
        return {self.style_state: gr.update(value=html, visible=bool(html)), self.look: gr.Timer(active=looking)}


class CartoonTab(Tab):
    """The components of the tab and what happens on them."""

    name = "cartoon"
    panel: CartoonPanel

    def _controls(self) -> None:
        self.source = photo_input("cartoon-photo")
        self.examples = Examples(self.name)
        self.style = control(Options, "style", elem_classes="chips tiles", elem_id="cartoon-style")
        self.style_state = gr.HTML(visible=False, elem_id="cartoon-style-state")
        self.button = gr.Button(label("cartoon_run"), variant="primary", elem_classes="run", elem_id="cartoon-run")
        with gr.Column(elem_classes="finishing"):
            self._finishing()

    def _finishing(self) -> None:
        self.strength = control(Options, "strength", elem_id="cartoon-strength")
        self.resolution = control(Options, "resolution", elem_id="cartoon-resolution")
        self.enlarge = control(Options, "enlarge", elem_id="cartoon-enlarge")
        with gr.Row():
            self.format = control(Options, "format", elem_id="cartoon-format")
            self.quality = control(Options, "quality", visible=False, elem_id="cartoon-quality")

    def _result_column(self) -> CartoonPanel:
        return CartoonPanel(self.style_state)

    def _events(self) -> None:
        self.settings = {
            "style": self.style,
            "strength": self.strength,
            "resolution": self.resolution,
            "enlarge": self.enlarge,
            "format": self.format,
            "quality": self.quality,
        }
        controls = {*self.settings.values(), self.panel.view}
        live: list[Any] = [control for control in controls if control is not self.style]
        self.listen(runs=[self.style.input], finishes=[control.input for control in live], controls=controls)
        inputs: Any = {self.source, self.kept, *controls}
        outputs: Any = self.panel.components | {self.kept}
        # `once`: a tick during the model pass would be made up for with a second pass.
        self.panel.look.tick(self.look, inputs, outputs, **FINISH_EVENT | {"trigger_mode": "once"})
        self.format.change(None, self.format, self.quality, js=SHOW_QUALITY)
        self.examples.put_into(self.source, **FINISH_EVENT)
        self.saves(self.panel.download, self.panel.file, self.written, controls)

    def asked(self, values: Values) -> tuple[AnyTask, Options]:
        return CARTOON, checked(Options, self.given(values))

    def kept_of(self, passed: Pass, call: Call) -> Kept:
        return Kept(passed, call, before=publish_preview(passed.photo, "before"))

    def run(self, values: Values, request: gr.Request) -> Iterator[Updates]:
        """As every tab; but a style that is not here yet holds up nobody: it is loaded beside the page, without a photo
        too, and drawn by `look` once it is there."""
        if not self._here(values):
            begin(self.resident, str(values[self.style]))
        yield from self.look(values, request)

    def look(self, values: Values, request: gr.Request) -> Iterator[Updates]:
        """How far the style is; once it is ready, the model pass."""
        if self._here(values):
            yield from (self.panel.style_said("") | updates for updates in super().run(values, request))
            return
        slot, language = self.resident.slot(values[self.style]), language_of(request)
        if slot.error:
            yield self.panel.style_said(note(explain(slot.error, request), kind="error"))
        else:
            yield self.panel.style_said(progress(values[self.style], slot.status, language), looking=True)

    def _here(self, values: Values) -> bool:
        """The default style has the tab's own note while it is loading; a wrong style gets its sentence in `run`."""
        style = values[self.style]
        if style not in STYLES or style == self.resident.default:
            return True
        return self.resident.slot(style).is_ready

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        view, passed, started = values[self.panel.view], kept.passed, time.perf_counter()
        made = CARTOON.finish(passed, self.asked(values)[1])
        image = made.image
        picture = _with_faces(image, passed) if view == "faces" else image
        ended = time.perf_counter()
        preview = publish_preview(picture, "cartoon-preview")
        encode = time.perf_counter() - ended
        return self.panel.pictured(
            preview,
            before=kept.before,
            view=view,
            message=_note(passed, view, language),
            facts=_facts(kept, made, ended - started, encode, language),
        )

    def remark(self, kept: Kept, values: Values, language: str) -> str:
        return "" if kept.passed.faces else say(language, "remark_no_face")

    def facts(self, kept: Kept, values: Values) -> dict[str, str | float]:
        """Faces, and the longest side that the result was enlarged from, 0 where it was not."""
        side = CARTOON.enlarged_from(kept.passed, self.asked(values)[1]) or 0
        faces = {"faces": len(kept.passed.faces), "faces_too_small": kept.passed.faces_too_small}
        return {**faces, "enlarged_from": side}


def _with_faces(image: np.ndarray, passed: Pass) -> np.ndarray:
    return with_boxes(image, passed.faces, scale=image.shape[1] / passed.photo.shape[1])


def _note(passed: Pass, view: object, language: str) -> str:
    """What is odd about the faces; in their own view also that nothing is."""
    if remarks := CARTOON.remarks(passed, Options()):
        return note(say(language, f"note_{remarks[0]}", count=passed.faces_too_small, all=len(passed.faces)))
    return note(say(language, "note_faces", count=len(passed.faces))) if view == "faces" else ""


def _facts(kept: Kept, made: Result, finish: float, encode: float, language: str) -> str:
    height, width = made.image.shape[:2]
    parts = [
        say(language, "info_sizes", before=pixels(*kept.passed.size), after=pixels(width, height)),
        *([say(language, "info_enlarged", side=made.enlarged_from)] if made.enlarged_from else []),
        say(language, "info_faces", count=len(kept.passed.faces)),
        *run_facts(kept.call, finish, language, encode=encode),
    ]
    return facts(parts)


def pixels(width: int, height: int) -> str:
    return f"{width} × {height}"
