"""What the tabs share: the photo input, and the result column with message, picture, facts and download."""

from html import escape
from typing import Any

import gradio as gr
import numpy as np

from ui.files import publish_preview
from ui.language import i18n
from ui.messages import note
from ui.texts import TEXTS

Updates = dict[Any, Any]

# Components hand over what the browser sent, unread: Gradio's own reading of pictures loses rotation, depth and frames.
# The bound on work is the resident's, so none is set here.
_EVENT: dict[str, Any] = {"preprocess": False, "concurrency_limit": None, "api_visibility": "private"}
RUN_EVENT: dict[str, Any] = {**_EVENT, "trigger_mode": "always_last", "show_progress": "minimal"}
FINISH_EVENT: dict[str, Any] = {**_EVENT, "trigger_mode": "always_last", "show_progress": "hidden"}


def photo_input(elem_id: str) -> gr.Image:
    return gr.Image(
        type="filepath",
        image_mode=None,
        sources=["upload", "clipboard", "webcam"],
        label=i18n("photo"),
        placeholder=i18n("drop_image"),
        buttons=[],
        height=300,
        elem_id=elem_id,
        elem_classes="photo",
    )


def both_languages(key: str) -> str:
    """The text twice; the stylesheet shows the one in the page's language."""
    pairs = zip(("en", "zh"), TEXTS[key], strict=True)
    return "".join(f'<span lang="{language}">{escape(text)}</span>' for language, text in pairs)


def empty_html(key: str, icon: str) -> str:
    """What stands where the result will be."""
    return f'<div class="empty"><span aria-hidden="true">{icon}</span><p>{both_languages(key)}</p></div>'


def loading_html(task: str) -> str:
    """Filled in by the page's script while the model is not ready."""
    return f'<div class="model-note" data-task="{task}" role="status"></div>'


class ImagePanel:
    """The result column of a picture tab. Every method but the constructor returns updates for its components."""

    def __init__(self, name: str, *, icon: str, views: tuple[str, ...]) -> None:
        self._name = name
        self.message = gr.HTML(visible=False, elem_id=f"{name}-message")
        self.empty = gr.HTML(empty_html(f"{name}_empty", icon))
        with gr.Column(visible=False, elem_classes="result") as self.column:
            self.view = gr.Radio(
                [(i18n(f"view_{view}"), view) for view in views],
                value=views[0],
                label=i18n("view"),
                show_label=False,
                container=False,
                elem_classes="chips views",
            )
            self._pictures()
            self.facts = gr.HTML(elem_id=f"{name}-facts")
            with gr.Row(elem_classes="downloads") as self.downloads:
                self.download = gr.DownloadButton(i18n("download"), variant="primary", elem_id=f"{name}-download")

    def _pictures(self) -> None:
        self.picture = gr.Image(
            interactive=False,
            show_label=False,
            buttons=["fullscreen"],
            elem_id=f"{self._name}-result",
            elem_classes="picture",
            alt_text=self._name,
        )
        self.compare = gr.ImageSlider(
            visible=False,
            show_label=False,
            buttons=[],
            interactive=False,
            elem_id=f"{self._name}-compare",
            elem_classes="picture",
        )

    @property
    def components(self) -> list[Any]:
        return [self.message, self.empty, self.column, self.picture, self.compare, self.facts, self.download]

    def cleared(self) -> Updates:
        return self.said("") | {self.column: gr.update(visible=False), self.empty: gr.update(visible=True)}

    def failed(self, text: str) -> Updates:
        return self.cleared() | self.said(note(text, kind="error"))

    def unchanged(self) -> Updates:
        return {self.message: gr.skip()}

    def said(self, message: str) -> Updates:
        """Only the message; a result that is there stays."""
        return {self.message: gr.update(value=message, visible=bool(message))}

    def shown(self, image: np.ndarray, *, before: str, view: str, message: str, facts: str, file: str) -> Updates:
        """`image` RGB or RGBA uint8 for the page, `before` and `file` published paths."""
        preview = publish_preview(image, f"{self._name}-preview")
        comparing = view == "compare"
        return self.said(message) | {
            self.empty: gr.update(visible=False),
            self.column: gr.update(visible=True),
            self.picture: gr.update(value=preview, visible=not comparing),
            self.compare: gr.update(value=(before, preview), visible=comparing),
            self.facts: facts,
            self.download: gr.update(value=file),
        }
