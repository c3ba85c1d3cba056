"""The cut-out tab: what is cut out runs the model, edge, background and ID photo only finish."""

import time
from typing import Any

import gradio as gr
import numpy as np

from models.tasks import id_photo
from models.tasks.base import AnyTask, Call
from models.tasks.id_photo import ID_PHOTO
from models.tasks.matting import MATTING, Options, Pass, finished_alpha, preview, subject
from models.tasks.options import checked, choice
from ui.buttons import TELL_BUTTON, button, row
from ui.i18n.language import label, say
from ui.i18n.messages import facts, note, run_facts
from ui.state.control_values import hex_colour
from ui.state.files import publish_preview, uploaded
from ui.state.kept import Kept
from ui.tabs import id_remarks
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.controls import choices, control
from ui.tabs.examples import Examples
from ui.tabs.id_controls import IdControls
from ui.tabs.presets import BLUE, PRESETS, SETTINGS
from ui.tabs.result_panel import PicturePanel, Updates, photo_input

OUTPUTS = ("cutout", "alpha", "id", "sheet")
ID_OUTPUTS = {"id": "photo", "sheet": "sheet"}  # what the task calls them
BACKGROUNDS = ("none", "colour", "gradient", "image")
COLOUR2_DEFAULT = "#ffffff"

# An ID photo has the best quality that keeps it within its limit.
SHOW_QUALITY_AND_CROP = """(format, output) => {
    const cutout = output !== "id" && output !== "sheet";
    return [
        {__type__: "update", visible: format !== "png" && cutout},
        {__type__: "update", visible: cutout},
    ];
}"""
SHOW_BACKGROUND_INPUT = """(kind) => [
    {__type__: "update", visible: kind === "colour" || kind === "gradient"},
    {__type__: "update", visible: kind === "gradient"},
    {__type__: "update", visible: kind === "gradient"},
    {__type__: "update", visible: kind === "image"},
]"""


class MattingTab(Tab):
    """The components of the tab and what happens on them."""

    name = "matting"
    panel: PicturePanel

    def _controls(self) -> None:
        self.source = photo_input("matting-photo")
        self.examples = Examples(self.name)
        self.variant = control(Options, "model", text="variant")
        self.button = gr.Button(label("matting_run"), variant="primary", elem_classes="run", elem_id="matting-run")
        with gr.Column(elem_classes="finishing"):
            presets = [button(name, f"preset_{name}", id=f"matting-preset-{name}") for name in PRESETS]
            self.presets = gr.HTML(row(presets, "presets"), js_on_load=TELL_BUTTON)
            self.output = _radio("output", OUTPUTS)
            self.id = IdControls()
            self._background_controls()
            self._edge_controls()
            with gr.Row():
                self.format = control(Options, "format", elem_id="matting-format")
                self.quality = control(Options, "quality", visible=False, elem_id="matting-quality")

    def _background_controls(self) -> None:
        self.background = _radio("background", BACKGROUNDS)
        with gr.Row(elem_classes="colours"):
            self.colour = gr.ColorPicker(BLUE, label=label("colour"), visible=False, min_width=120)
            self.colour2 = gr.ColorPicker(COLOUR2_DEFAULT, label=label("colour2"), visible=False, min_width=120)
        self.gradient = control(Options, "gradient", visible=False)
        self.picture = gr.Image(
            type="filepath",
            image_mode=None,
            sources=["upload", "clipboard"],
            label=label("background_file"),
            placeholder=label("drop_image"),
            buttons=[],
            height=180,
            visible=False,
            elem_id="matting-behind",
        )

    def _edge_controls(self) -> None:
        self.threshold = control(Options, "alpha_threshold", elem_id="matting-threshold")
        self.erode = control(Options, "erode")
        with gr.Row():
            self.feather = control(Options, "feather", min_width=140)
            self.clean_edge = control(Options, "clean_edge", min_width=200, elem_id="matting-clean")
        self.crop = control(Options, "crop", elem_id="matting-crop")

    def _result_column(self) -> PicturePanel:
        panel = PicturePanel("matting", views=("result", "compare", "alpha"))
        with panel.downloads:
            self.alpha = gr.Button(label("download_alpha"), elem_id="matting-alpha")
        return panel

    def _events(self) -> None:
        shown = [self.colour, self.colour2, self.gradient, self.picture]
        self.background.change(None, self.background, shown, js=SHOW_BACKGROUND_INPUT)
        self.id.shown_by(self.output)
        chosen, shown = [self.format, self.output], [self.quality, self.crop]
        gr.on([control.change for control in chosen], None, chosen, shown, js=SHOW_QUALITY_AND_CROP)
        self.settings = {
            "model": self.variant,
            "output": self.output,
            "background": self.background,
            "colour": self.colour,
            "colour2": self.colour2,
            "gradient": self.gradient,
            "alpha_threshold": self.threshold,
            "erode": self.erode,
            "feather": self.feather,
            "clean_edge": self.clean_edge,
            "crop": self.crop,
            "format": self.format,
            "quality": self.quality,
            **self.id.settings,
        }
        background = {"background": (self.background, self.colour, self.colour2), "background_image": (self.picture,)}
        composed = {**background, "output": (self.output,)}
        self.composed = {"matting": composed, "id_photo": {**composed, "format": (self.format,)}}
        finishing = [control for control in self.settings.values() if control is not self.variant]
        controls = {self.variant, self.picture, self.panel.view, *finishing}
        changed = [control.input for control in [*finishing, self.panel.view]] + [self.picture.change]
        self.listen(runs=[self.variant.input], finishes=changed, controls=controls)
        set_by = {self.settings[name] for setting in SETTINGS.values() for name in setting}
        pressed = [self.presets.click, self.id.swatches.click]
        self.finishes_after(gr.on(pressed, self.preset, None, set_by, **FINISH_EVENT), controls)
        self.examples.put_into(self.source, **FINISH_EVENT)
        self.saves(self.panel.download, self.panel.file, self.written, controls)
        self.saves(self.alpha, self.panel.file, self._alpha, controls)

    def preset(self, pressed: gr.EventData) -> Updates:
        """The controls as a preset, or a colour of ID photos, sets them."""
        setting = SETTINGS[choice("preset", pressed.act, tuple(SETTINGS))]
        return {self.settings[name]: value for name, value in setting.items()}

    def asked(self, values: Values) -> tuple[AnyTask, Any]:
        given = self.given(values)
        output, colours = choice("output", given.pop("output"), OUTPUTS), (given.pop("colour"), given.pop("colour2"))
        kind = choice("background", given["background"], BACKGROUNDS)
        picture = values[self.picture] if kind == "image" else None
        given["background_image"] = uploaded(picture) if picture else None
        given["background"] = _background(kind, *colours, with_picture=picture is not None)
        if output in ID_OUTPUTS:
            # webp cannot carry dots per inch, and no office takes it.
            format = "png" if given["format"] == "png" else "jpg"
            given |= {"output": ID_OUTPUTS[output], "format": format}
            own = {name: given[name] for name in given if name not in self.id.unused(given) | {"quality", "crop"}}
            return ID_PHOTO, checked(id_photo.Options, own)
        own = {name: value for name, value in given.items() if name not in self.id.settings}
        return MATTING, checked(Options, own | {"output": output})

    def kept_of(self, passed: Pass, call: Call) -> Kept:
        return Kept(passed, call, before=publish_preview(passed.small, "before"))

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        started, view = time.perf_counter(), values[self.panel.view]
        task, options = self.asked(values)
        image, sentences, told = self._picture(kept.passed, task, options, view, language)
        sentences = self._remarks(kept.passed, values, language) + sentences
        took = run_facts(kept.call, time.perf_counter() - started, language)
        return self.panel.shown(
            image,
            before=kept.before,
            view=view,
            message=note(" ".join(sentences)) if sentences else "",
            facts=facts([*told, *took]),
        )

    def _picture(
        self, passed: Pass, task: AnyTask, options: Any, view: str, language: str
    ) -> tuple[np.ndarray, list[str], list[str]]:
        """What a view shows, what is to be said about it, and its measures."""
        if view == "result" and task is ID_PHOTO:
            made = task.finish(passed, options)
            file = task.encode(made, options)
            said = id_remarks.limit(file, options, language)
            return made.image, said, id_remarks.facts(made, file, options, language)
        if view != "compare":  # both pictures of a comparison have one frame
            passed = subject(passed, options)
        height, width = passed.alpha.shape
        is_alpha = view == "alpha" or (view == "result" and options.output == "alpha")
        image = finished_alpha(passed, options) if is_alpha else preview(passed, options)
        return image, [], [say(language, "info_size", width=width, height=height)]

    def _remarks(self, passed: Pass, values: Values, language: str) -> list[str]:
        """What the visitor should know, in sentences."""
        task, options = self.asked(values)
        said = _on_cutout(passed, options, values[self.background], language)
        if task is not ID_PHOTO:
            return said
        return said + id_remarks.remarks(passed, options, language, webp=values[self.format] == "webp")

    def remark(self, kept: Kept, values: Values, language: str) -> str:
        return " ".join(self._remarks(kept.passed, values, language))

    def _alpha(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        options = self.asked(values)[1]
        alpha = finished_alpha(subject(kept.passed, options), options)
        file = MATTING.encode(alpha, Options(output="alpha"))
        return file.content, file.name


def _radio(name: str, names: tuple[str, ...]) -> gr.Radio:
    """A choice of the page alone."""
    offered = choices(names, name)
    return gr.Radio(offered, value=names[0], label=label(name), elem_classes="chips", elem_id=f"matting-{name}")


def _background(kind: str, first: object, second: object, *, with_picture: bool) -> str:
    """As the task's option says it; transparent too while the picture is missing."""
    if kind == "colour":
        return hex_colour(first)
    if kind == "gradient":
        return f"{hex_colour(first)},{hex_colour(second)}"
    return "image" if with_picture else "transparent"


def _on_cutout(passed: Pass, options: Any, background: object, language: str) -> list[str]:
    """What there is to say of the matte and of what lies behind it."""
    keys = [f"note_{finding}" for finding in passed.findings]
    if passed.findings == ("empty",):
        keys = ["note_nobody" if passed.variant == "portrait" else "note_nothing"]
    elif options.output != "alpha":
        keys += _on_background(options, background)
    return [say(language, key) for key in keys]


def _on_background(options: Any, background: object) -> list[str]:
    if background == "image" and not options.with_image:
        return ["note_background"]
    is_clear = options.background == "transparent" and not options.with_image
    return ["note_jpg"] if is_clear and options.format == "jpg" else []
