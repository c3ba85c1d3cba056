"""The cut-out tab: what is cut out runs the model, edge and background only finish."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import numpy as np

import preload
from models import images
from models.catalog import MATTING_KINDS
from models.matting import ALPHA_THRESHOLD_DEFAULT, ALPHA_THRESHOLD_RANGE, ERODE_DEFAULT, ERODE_RANGE, is_empty
from settings import RETENTION_MINUTES
from ui.cutting import BACKGROUNDS, FORMATS, Finish, Kept, cut, finished
from ui.files import Payload, publish, uploaded_image
from ui.language import i18n, language_of, say
from ui.messages import explain, facts, note, run_facts, visitor_of, waiting_note
from ui.panel import FINISH_EVENT, RUN_EVENT, ImagePanel, Updates, loading_html, photo_input
from ui.shelf import Shelf

COLOUR_DEFAULT = "#438edb"  # the blue of Chinese ID photos

# background, colour, alpha threshold, erode, feather, format
PRESETS: dict[str, tuple[str, str, int, int, bool, str]] = {
    "id": ("colour", COLOUR_DEFAULT, 10, 1, True, "jpg"),
    "shop": ("colour", "#ffffff", 15, 1, True, "png"),
    "avatar": ("none", "#ffffff", 10, 1, True, "png"),
    "busy": ("none", "#ffffff", 30, 2, True, "png"),
}

SHOW_BACKGROUND_INPUT = """(kind) => [
    {__type__: "update", visible: kind === "colour"},
    {__type__: "update", visible: kind === "image"},
]"""


class MattingTab:
    """The components of the tab and what happens on them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.kept = gr.State(time_to_live=RETENTION_MINUTES * 60, delete_callback=shelf.drop)
        gr.HTML(loading_html("matting"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel = ImagePanel("matting", icon="✂️", views=("result", "compare", "alpha"))
                with self.panel.downloads:
                    self.alpha_file = gr.DownloadButton(i18n("download_alpha"), elem_id="matting-alpha")
        self._events()

    def _controls(self) -> None:
        self.photo = photo_input("matting-photo")
        kinds: list[Any] = [(i18n(f"kind_{kind}"), kind) for kind in MATTING_KINDS]
        self.kind = gr.Radio(kinds, value=MATTING_KINDS[0], label=i18n("kind"), elem_classes="chips")
        self.button = gr.Button(i18n("matting_run"), variant="primary", elem_classes="run", elem_id="matting-run")
        with gr.Column(elem_classes="finishing"):
            with gr.Row(elem_classes="presets"):
                self.presets = {name: gr.Button(i18n(f"preset_{name}"), size="sm", min_width=80) for name in PRESETS}
            self._background_controls()
            self._edge_controls()
            self.format = gr.Radio(list(FORMATS), value="png", label=i18n("format"), elem_classes="chips")

    def _background_controls(self) -> None:
        choices: list[Any] = [(i18n(f"background_{name}"), name) for name in BACKGROUNDS]
        self.background = gr.Radio(
            choices, value="none", label=i18n("background"), elem_classes="chips", elem_id="matting-background"
        )
        self.colour = gr.ColorPicker(COLOUR_DEFAULT, label=i18n("colour"), visible=False)
        self.picture = gr.Image(
            type="filepath",
            image_mode=None,
            sources=["upload", "clipboard"],
            label=i18n("background_file"),
            placeholder=i18n("drop_image"),
            buttons=[],
            height=180,
            visible=False,
        )

    def _edge_controls(self) -> None:
        self.threshold = gr.Slider(
            *ALPHA_THRESHOLD_RANGE,
            value=ALPHA_THRESHOLD_DEFAULT,
            step=1,
            label=i18n("alpha_threshold"),
            info=i18n("alpha_threshold_info"),
            elem_id="matting-threshold",
        )
        self.erode = gr.Slider(*ERODE_RANGE, value=ERODE_DEFAULT, step=1, label=i18n("erode"), info=i18n("erode_info"))
        self.feather = gr.Checkbox(True, label=i18n("feather"))

    def _events(self) -> None:
        self.background.change(None, self.background, [self.colour, self.picture], js=SHOW_BACKGROUND_INPUT)
        finishing = [
            self.background,
            self.colour,
            self.picture,
            self.threshold,
            self.erode,
            self.feather,
            self.format,
            self.panel.view,
        ]
        outputs = [*self.panel.components, self.alpha_file]
        gr.on(
            [self.button.click, self.photo.change, self.kind.input],
            self.run,
            [self.photo, self.kind, self.kept, *finishing],
            [self.kept, *outputs],
            **RUN_EVENT,
        )
        live = [component.input for component in finishing if component is not self.picture]
        gr.on([*live, self.picture.change], self.finish, [self.kept, *finishing], outputs, **FINISH_EVENT)
        for name, button in self.presets.items():
            chosen = button.click(preset(name), None, finishing[:2] + finishing[3:7], **FINISH_EVENT)
            chosen.then(self.finish, [self.kept, *finishing], outputs, **FINISH_EVENT)

    def run(
        self,
        photo: Payload | None,
        kind: object,
        token: str | None,
        background: object,
        shade: object,
        picture: Payload | None,
        threshold: object,
        erode: object,
        feather: object,
        format: object,
        view: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """The model pass and its finish; says so first when the model is not there yet."""
        self._shelf.drop(token)
        if photo is None:
            yield self.panel.cleared() | {self.kept: None}
            return
        try:
            if text := waiting_note(preload.matting, kind, language_of(request)):
                yield self.panel.said(text)
            kept = cut(uploaded_image(photo), kind, visitor=visitor_of(request))
            finish = Finish.checked(background, shade, picture, threshold, erode, feather, format)
            yield {self.kept: self._shelf.put(kept)} | self._shown(kept, finish, background, view, language_of(request))
        except Exception as error:
            yield self.panel.failed(explain(error, request)) | {self.kept: None}

    def finish(
        self,
        token: str | None,
        background: object,
        shade: object,
        picture: Payload | None,
        threshold: object,
        erode: object,
        feather: object,
        format: object,
        view: str,
        request: gr.Request,
    ) -> Updates:
        """New background, edge, format or view of the kept pass: the model does not run."""
        try:
            kept: Kept | None = self._shelf.get(token)
            if kept is None:
                return self.panel.said(note(say(language_of(request), "gone"))) if token else self.panel.unchanged()
            finish = Finish.checked(background, shade, picture, threshold, erode, feather, format)
            return self._shown(kept, finish, background, view, language_of(request))
        except Exception as error:
            return self.panel.said(note(explain(error, request), kind="error"))

    def _shown(self, kept: Kept, finish: Finish, background: object, view: str, language: str) -> Updates:
        started = time.perf_counter()
        image, alpha = finished(kept, finish)
        file = publish(images.encode(image, finish.format), f"cutout.{finish.format}")
        alpha_file = publish(images.encode(alpha, "png"), "alpha.png")
        return self.panel.shown(
            alpha if view == "alpha" else image,
            before=kept.before,
            view=view,
            message=_note(kept, finish, background, language),
            facts=_facts(kept, time.perf_counter() - started, language),
            file=file,
        ) | {self.alpha_file: gr.update(value=alpha_file)}


def preset(name: str) -> Callable[[], tuple[object, ...]]:
    """The function that sets the controls to a preset."""
    return lambda: PRESETS[name]


def _note(kept: Kept, finish: Finish, background: object, language: str) -> str:
    if is_empty(kept.matte / np.float32(255)):
        return note(say(language, "note_nobody" if kept.kind == "portrait" else "note_nothing"))
    if background == "image" and finish.background is None:
        return note(say(language, "note_background"))
    flat = finish.background is None and finish.format == "jpg"
    return note(say(language, "note_jpg")) if flat else ""


def _facts(kept: Kept, seconds: float, language: str) -> str:
    height, width = kept.matte.shape
    return facts([say(language, "info_size", width=width, height=height), *run_facts(kept.run, seconds, language)])
