"""What the tabs look like in common: the photo input, and the result column."""

from typing import Any

import gradio as gr
import numpy as np
from markupsafe import Markup

from ui.i18n.language import label
from ui.i18n.messages import note
from ui.i18n.texts import TEXTS
from ui.icons import icon
from ui.state.files import publish_preview

Updates = dict[Any, Any]


def photo_input(elem_id: str) -> gr.Image:
    photo = gr.Image(
        type="filepath",
        image_mode=None,
        sources=["upload", "clipboard", "webcam"],
        label=label("photo"),
        placeholder=label("drop_image"),
        buttons=[],
        height=300,
        elem_id=elem_id,
        elem_classes="photo",
    )
    gr.HTML(insecure_html("photo"))
    return photo


def both_languages(key: str) -> Markup:
    """The text twice; the stylesheet shows the one in the page's language."""
    return Markup('<span lang="en">{}</span><span lang="zh">{}</span>').format(*TEXTS[key])


def insecure_html(kind: str) -> Markup:
    """Shown where the page came over plain http, in whose place Gradio has buttons that do nothing."""
    return Markup('<p class="hint insecure">{}</p>').format(both_languages(f"insecure_{kind}"))


def forgets_html() -> Markup:
    """Shown where the browser stores nothing."""
    return Markup('<p class="hint forgets">{}</p>').format(both_languages("forgets"))


def empty_html(name: str) -> Markup:
    """What stands where the result of the tab `name` will be."""
    return Markup('<div class="empty">{}<p>{}</p></div>').format(icon(name), both_languages(f"{name}_empty"))


def loading_html(task: str) -> Markup:
    """Filled in by the page's script while the model is not ready."""
    return Markup('<div class="model-note" data-task="{}" role="status"></div>').format(task)


class Panel:
    """The result column of a tab. Every method but the constructors returns updates for its components."""

    view: gr.Radio | None = None  # what the picture shows, where there is a choice

    def __init__(self, name: str) -> None:
        self.name = name
        self.message = gr.HTML(visible=False, elem_id=f"{name}-message")
        self.empty = gr.HTML(empty_html(name))
        self.column = gr.Column(visible=False, elem_classes="result")

    @property
    def components(self) -> set[Any]:
        return {self.message, self.empty, self.column}

    def picture_in(self, shown: Updates) -> str | None:
        """The file of the picture among updates; None where there is none."""
        return None

    def cleared(self) -> Updates:
        return self.said("") | {self.column: gr.update(visible=False), self.empty: gr.update(visible=True)}

    def failed(self, text: str) -> Updates:
        return self.cleared() | self.said(note(text, kind="error"))

    def said(self, message: str) -> Updates:
        """Only the message; a result that is there stays."""
        return {self.message: gr.update(value=message, visible=bool(message))}

    def filled(self, message: str) -> Updates:
        return self.said(message) | {self.empty: gr.update(visible=False), self.column: gr.update(visible=True)}


class PicturePanel(Panel):
    """Result, before and after, one more view; facts; files written only when they are asked for."""

    def __init__(self, name: str, *, views: tuple[str, ...]) -> None:
        super().__init__(name)
        with self.column:
            self.view = gr.Radio(
                [(label(f"view_{view}"), view) for view in views],
                value=views[0],
                label=label("view"),
                show_label=False,
                container=False,
                elem_classes="chips views",
            )
            self._pictures()
            self.facts = gr.HTML(elem_id=f"{name}-facts")
            with gr.Row(elem_classes="downloads") as self.downloads:
                self.download = gr.Button(label("download"), variant="primary", elem_id=f"{name}-download")
            self.file = gr.File(visible=False)

    def _pictures(self) -> None:
        self.picture = gr.Image(
            interactive=False,
            show_label=False,
            buttons=["fullscreen"],
            elem_id=f"{self.name}-result",
            elem_classes="picture",
            alt_text=self.name,
        )
        self.compare = gr.ImageSlider(
            visible=False,
            show_label=False,
            buttons=[],
            interactive=False,
            elem_id=f"{self.name}-compare",
            elem_classes="picture",
        )

    @property
    def components(self) -> set[Any]:
        return super().components | {self.picture, self.compare, self.facts}

    def picture_in(self, shown: Updates) -> str | None:
        return shown[self.picture]["value"] if self.picture in shown else None

    def shown(self, image: np.ndarray, *, before: str, view: str, message: str, facts: str) -> Updates:
        """`image` RGB, RGBA or grey uint8 for the page, `before` a published path."""
        preview = publish_preview(image, f"{self.name}-preview")
        return self.pictured(preview, before=before, view=view, message=message, facts=facts)

    def pictured(self, preview: str, *, before: str, view: str, message: str, facts: str) -> Updates:
        """The same with the picture published already."""
        comparing = view == "compare"
        return self.filled(message) | {
            self.picture: gr.update(value=preview, visible=not comparing),
            self.compare: gr.update(value=(before, preview), visible=comparing),
            self.facts: facts,
        }
