"""The cut-out tab: what is cut out runs the model, edge and background only finish."""

import time
from typing import Any

import gradio as gr
import numpy as np

import preload
from models.catalog import MATTING_KINDS
from models.finish.background import DIRECTIONS
from models.finish.cutout import ALPHA_THRESHOLD_DEFAULT, ALPHA_THRESHOLD_RANGE, ERODE_DEFAULT, ERODE_RANGE
from models.media import images
from models.runtime.resident import Resident
from ui.i18n.language import label, say
from ui.i18n.messages import facts, note, run_facts
from ui.state.files import uploaded_image
from ui.state.result_cache import ResultCache
from ui.state.validation import choice
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.cutting import (
    BACKGROUNDS,
    FORMATS,
    OUTPUTS,
    Finish,
    Kept,
    alpha_of,
    background_of,
    cut,
    finished,
    preview_of,
)
from ui.tabs.id_controls import IdControls
from ui.tabs.identity import (
    Identity,
    format_of,
    id_facts,
    id_file,
    id_photo,
    id_sheet,
    limit_remark,
    remarks,
    sheet_facts,
    sheet_file,
)
from ui.tabs.presets import BLUE, PRESETS, values_of
from ui.tabs.result_panel import PicturePanel, Updates, loading_html, photo_input

COLOUR2_DEFAULT = "#ffffff"

SHOW_BACKGROUND_INPUT = """(kind) => [
    {__type__: "update", visible: kind === "colour" || kind === "gradient"},
    {__type__: "update", visible: kind === "gradient"},
    {__type__: "update", visible: kind === "gradient"},
    {__type__: "update", visible: kind === "image"},
]"""


class MattingTab(Tab):
    """The components of the tab and what happens on them."""

    def __init__(self, results: ResultCache) -> None:
        super().__init__(results)
        gr.HTML(loading_html("matting"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel: PicturePanel = PicturePanel("matting", icon="✂️", views=("result", "compare", "alpha"))
                with self.panel.downloads:
                    self.alpha = gr.Button(label("download_alpha"), elem_id="matting-alpha")
        self._events()

    def _controls(self) -> None:
        self.source = photo_input("matting-photo")
        kinds: list[Any] = [(label(f"kind_{kind}"), kind) for kind in MATTING_KINDS]
        self.kind = gr.Radio(kinds, value=MATTING_KINDS[0], label=label("kind"), elem_classes="chips")
        self.button = gr.Button(label("matting_run"), variant="primary", elem_classes="run", elem_id="matting-run")
        with gr.Column(elem_classes="finishing"):
            with gr.Row(elem_classes="presets"):
                self.presets = {
                    name: gr.Button(label(f"preset_{name}"), size="sm", min_width=80, elem_id=f"matting-preset-{name}")
                    for name in PRESETS
                }
            outputs: list[Any] = [(label(f"output_{name}"), name) for name in OUTPUTS]
            self.output = gr.Radio(
                outputs, value="cutout", label=label("output"), elem_classes="chips", elem_id="matting-output"
            )
            self.id = IdControls()
            self._background_controls()
            self._edge_controls()
            self.format = gr.Radio(list(FORMATS), value="png", label=label("format"), elem_classes="chips")

    def _background_controls(self) -> None:
        choices: list[Any] = [(label(f"background_{name}"), name) for name in BACKGROUNDS]
        self.background = gr.Radio(
            choices, value="none", label=label("background"), elem_classes="chips", elem_id="matting-background"
        )
        with gr.Row(elem_classes="colours"):
            self.colour = gr.ColorPicker(BLUE, label=label("colour"), visible=False, min_width=120)
            self.colour2 = gr.ColorPicker(COLOUR2_DEFAULT, label=label("colour2"), visible=False, min_width=120)
        directions: list[Any] = [(label(f"gradient_{name}"), name) for name in DIRECTIONS]
        self.gradient = gr.Radio(directions, value="down", label=label("gradient"), elem_classes="chips", visible=False)
        self.picture = gr.Image(
            type="filepath",
            image_mode=None,
            sources=["upload", "clipboard"],
            label=label("background_file"),
            placeholder=label("drop_image"),
            buttons=[],
            height=180,
            visible=False,
        )

    def _edge_controls(self) -> None:
        self.threshold = gr.Slider(
            *ALPHA_THRESHOLD_RANGE,
            value=ALPHA_THRESHOLD_DEFAULT,
            step=1,
            label=label("alpha_threshold"),
            info=label("alpha_threshold_info"),
            elem_id="matting-threshold",
        )
        self.erode = gr.Slider(
            *ERODE_RANGE, value=ERODE_DEFAULT, step=1, label=label("erode"), info=label("erode_info")
        )
        with gr.Row():
            self.feather = gr.Checkbox(True, label=label("feather"), min_width=140)
            self.clean_edge = gr.Checkbox(
                True, label=label("clean_edge"), info=label("clean_edge_info"), min_width=200, elem_id="matting-clean"
            )

    def _events(self) -> None:
        shown = [self.colour, self.colour2, self.gradient, self.picture]
        self.background.change(None, self.background, shown, js=SHOW_BACKGROUND_INPUT)
        self.id.shown_by(self.output)
        self.settings = {
            "model": self.kind,
            "output": self.output,
            "background": self.background,
            "colour": self.colour,
            "colour2": self.colour2,
            "gradient": self.gradient,
            "alpha_threshold": self.threshold,
            "erode": self.erode,
            "feather": self.feather,
            "clean_edge": self.clean_edge,
            "format": self.format,
            **self.id.settings,
        }
        finishing = [control for control in self.settings.values() if control is not self.kind]
        controls = {self.kind, self.picture, self.panel.view, *finishing}
        changed = [control.input for control in [*finishing, self.panel.view]] + [self.picture.change]
        self.listen(runs=[self.kind.input], finishes=changed, controls=controls)
        for name, button in self.presets.items():
            set_by = [self.settings[setting] for setting in PRESETS[name]]
            event = button.click(values_of(PRESETS[name]), None, set_by, **FINISH_EVENT)
            self.finishes_after(event, controls)
        for value, button in self.id.colours.items():
            solid = values_of({"background": "colour", "colour": value})
            self.finishes_after(button.click(solid, None, [self.background, self.colour], **FINISH_EVENT), controls)
        self.saves(self.panel.download, self.panel.file, self.written, controls)
        self.saves(self.alpha, self.panel.file, self._alpha, controls)

    @property
    def resident(self) -> Resident[Any]:
        return preload.matting

    def variant(self, values: Values) -> object:
        return values[self.kind]

    def model_pass(self, values: Values, *, visitor: str) -> Kept:
        return cut(uploaded_image(values[self.source]), values[self.kind], visitor=visitor)

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        started = time.perf_counter()
        finish, view = self._finish(values), values[self.panel.view]
        image, sentences, told = self._picture(kept, values, finish, view, language)
        took = run_facts(kept.run, time.perf_counter() - started, language)
        return self.panel.shown(
            image,
            before=kept.before,
            view=view,
            message=note(" ".join(sentences)) if sentences else "",
            facts=facts([*told, *took]),
        )

    def _picture(
        self, kept: Kept, values: Values, finish: Finish, view: str, language: str
    ) -> tuple[np.ndarray, list[str], list[str]]:
        """What a view shows, what is to be said about it, and its measures."""
        output, said = self._output(values), self._remarks(kept, values, finish, language)
        if view != "result" or output == "cutout":
            height, width = kept.matte.shape
            size = [say(language, "info_size", width=width, height=height)]
            return (alpha_of(kept, finish) if view == "alpha" else preview_of(kept, finish)), said, size
        identity = self._identity(values)
        if output == "sheet":
            page = id_sheet(kept, finish, identity)
            return page, said, sheet_facts(page, identity, language)
        photo = id_photo(kept, finish, identity)
        file = id_file(photo, finish, identity)
        return photo, said + limit_remark(file, identity, language), id_facts(file, identity, language)

    def _remarks(self, kept: Kept, values: Values, finish: Finish, language: str) -> list[str]:
        said = remarks_on_cutout(kept, finish, values[self.background], language)
        if self._output(values) == "cutout":
            return said
        return said + remarks(kept, finish, self._identity(values), language)

    def remark(self, kept: Kept, values: Values, language: str) -> str:
        return " ".join(self._remarks(kept, values, self._finish(values), language))

    def written(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        finish, output = self._finish(values), self._output(values)
        if output == "cutout":
            return images.encode(finished(kept, finish)[0], finish.format), f"cutout.{finish.format}"
        identity, format = self._identity(values), format_of(finish)
        if output == "sheet":
            return sheet_file(id_sheet(kept, finish, identity), finish, identity).data, f"print-sheet.{format}"
        return id_file(id_photo(kept, finish, identity), finish, identity).data, f"id-photo.{format}"

    def _output(self, values: Values) -> str:
        return choice("output", values[self.output], OUTPUTS)

    def _identity(self, values: Values) -> Identity:
        return Identity.checked(*(values[control] for control in self.id.settings.values()))

    def _finish(self, values: Values) -> Finish:
        wanted = (self.background, self.colour, self.colour2, self.gradient, self.picture)
        return Finish.checked(
            background=background_of(*(values[control] for control in wanted)),
            alpha_threshold=values[self.threshold],
            erode=values[self.erode],
            feather=values[self.feather],
            clean_edge=values[self.clean_edge],
            format=values[self.format],
        )

    def _alpha(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        return images.encode(alpha_of(kept, self._finish(values)), "png"), "alpha.png"


def remarks_on_cutout(kept: Kept, finish: Finish, background: object, language: str) -> list[str]:
    """What the visitor should know of the matte and of what lies behind it, in sentences."""
    keys = [f"note_{finding}" for finding in kept.findings]
    if kept.findings == ("empty",):
        keys = ["note_nobody" if kept.kind == "portrait" else "note_nothing"]
    elif background == "image" and finish.background is None:
        keys.append("note_background")
    elif finish.background is None and finish.format == "jpg":
        keys.append("note_jpg")
    return [say(language, key) for key in keys]
