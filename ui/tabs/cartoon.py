"""The cartoon tab: a style runs the model, everything else only finishes."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np

import preload
from models.catalog import STYLES
from models.finish.blend import RESOLUTION_DEFAULT, RESOLUTION_RANGE, STRENGTH_DEFAULT, STRENGTH_RANGE
from models.media import images
from models.runtime.resident import Resident
from ui.i18n.language import label, language_of, say
from ui.i18n.messages import explain, facts, note, run_facts
from ui.state.files import publish_preview, uploaded_image
from ui.state.result_cache import ResultCache
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.drawing import FORMATS, QUALITY_DEFAULT, QUALITY_RANGE, Finish, Kept, draw, finished, with_faces
from ui.tabs.result_panel import PicturePanel, Updates, loading_html, photo_input
from ui.tabs.style_tiles import begin, progress

LOOK_SECONDS = 0.4  # between two looks at a style that is being loaded
SHOW_QUALITY = """(format) => ({__type__: "update", visible: format !== "png"})"""


class CartoonPanel(PicturePanel):
    """And, at the tiles, how far a style is that is loaded on demand; `look` ticks until it is settled."""

    def __init__(self, style_state: gr.HTML) -> None:
        super().__init__("cartoon", icon="🎨", views=("result", "compare", "faces"))
        self.style_state = style_state
        self.look = gr.Timer(LOOK_SECONDS, active=False)

    @property
    def components(self) -> set[Any]:
        return super().components | {self.style_state, self.look}

    def style_said(self, html: str, *, looking: bool = False) -> Updates:
        return {self.style_state: gr.update(value=html, visible=bool(html)), self.look: gr.Timer(active=looking)}


class CartoonTab(Tab):
    """The components of the tab and what happens on them."""

    def __init__(self, results: ResultCache) -> None:
        super().__init__(results)
        gr.HTML(loading_html("cartoon"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel: CartoonPanel = CartoonPanel(self.style_state)
        self._events()

    def _controls(self) -> None:
        self.source = photo_input("cartoon-photo")
        styles: list[Any] = [(label(f"style_{style}"), style) for style in STYLES]
        self.style = gr.Radio(
            styles,
            value=STYLES[0],
            label=label("style"),
            info=label("style_info"),
            elem_classes="chips tiles",
            elem_id="cartoon-style",
        )
        self.style_state = gr.HTML(visible=False, elem_id="cartoon-style-state")
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
            elem_id="cartoon-resolution",
        )
        with gr.Row():
            self.format = gr.Radio(
                list(FORMATS), value="png", label=label("format"), elem_classes="chips", elem_id="cartoon-format"
            )
            self.quality = gr.Slider(
                *QUALITY_RANGE,
                value=QUALITY_DEFAULT,
                step=1,
                label=label("quality"),
                info=label("quality_info"),
                visible=False,
                elem_id="cartoon-quality",
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
        inputs: Any = {self.source, self.kept, *controls}
        outputs: Any = self.panel.components | {self.kept}
        # `once`: a tick during the model pass would be made up for with a second pass.
        self.panel.look.tick(self.look, inputs, outputs, **FINISH_EVENT | {"trigger_mode": "once"})
        self.format.change(None, self.format, self.quality, js=SHOW_QUALITY)
        self.saves(self.panel.download, self.panel.file, self.written, controls)

    @property
    def resident(self) -> Resident[Any]:
        return preload.cartoon

    def variant(self, values: Values) -> object:
        return values[self.style]

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
        if slot.error and slot.status.state == "failed":
            yield self.panel.style_said(note(explain(slot.error, request), kind="error"))
        else:
            yield self.panel.style_said(progress(values[self.style], slot.status, language), looking=True)

    def _here(self, values: Values) -> bool:
        """The default style has the tab's own note while it is loading; a wrong style gets its sentence in `run`."""
        style = values[self.style]
        if style not in STYLES or style == self.resident.default:
            return True
        return self.resident.slot(style).status.state == "ready"

    def model_pass(self, values: Values, *, visitor: str) -> Kept:
        return draw(uploaded_image(values[self.source]), values[self.style], visitor=visitor)

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        view, started = values[self.panel.view], time.perf_counter()
        image = finished(kept, self._finish(values))
        picture = with_faces(image, kept) if view == "faces" else image
        ended = time.perf_counter()
        preview = publish_preview(picture, "cartoon-preview")
        encode = time.perf_counter() - ended
        return self.panel.pictured(
            preview,
            before=kept.before,
            view=view,
            message=_note(kept, view, language),
            facts=_facts(kept, image, ended - started, encode, language),
        )

    def written(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        finish = self._finish(values)
        return images.encode(finished(kept, finish), finish.format, finish.quality), f"cartoon.{finish.format}"

    def remark(self, kept: Kept, values: Values, language: str) -> str:
        return "" if kept.faces else say(language, "remark_no_face")

    def facts(self, kept: Kept) -> dict[str, str | float]:
        return {"faces": len(kept.faces), "faces_too_small": _too_small(kept)}

    def _finish(self, values: Values) -> Finish:
        return Finish.checked(
            *(values[control] for control in (self.strength, self.resolution, self.format, self.quality))
        )


def _note(kept: Kept, view: object, language: str) -> str:
    """What is odd about the faces; in their own view also that nothing is."""
    if not kept.faces:
        return note(say(language, "note_no_face"))
    if small := _too_small(kept):
        return note(say(language, "note_small_face", count=small, all=len(kept.faces)))
    return note(say(language, "note_faces", count=len(kept.faces))) if view == "faces" else ""


def _too_small(kept: Kept) -> int:
    return sum(not face.used for face in kept.faces)


def _facts(kept: Kept, image: np.ndarray, finish: float, encode: float, language: str) -> str:
    height, width = image.shape[:2]
    parts = [
        say(language, "info_sizes", before=pixels(*kept.size), after=pixels(width, height)),
        say(language, "info_faces", count=len(kept.faces)),
        *run_facts(kept.run, finish, language, decode=kept.decode, encode=encode),
    ]
    return facts(parts)


def pixels(width: int, height: int) -> str:
    return f"{width} × {height}"
