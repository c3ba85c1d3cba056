"""Files to try a tab with, stored with the page: drawn portraits and synthetic voices. One click puts one in."""

from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from models.tasks.options import choice
from ui.buttons import TELL_BUTTON
from ui.state.files import publish
from ui.tabs.result_panel import both_languages

ASSETS = Path(__file__).parents[1] / "assets"
PHOTOS, VOICES = ASSETS / "photos", ASSETS / "voices"
ROUTE = "/examples"  # where the page serves the small pictures
NAMES = {
    "cartoon": ("smile", "glasses", "wall"),
    "matting": ("smile", "hair", "wall"),
    "emotion": ("lively", "low", "long"),
}
_BUTTON = Markup('<button type="button" id="{tab}-{name}" data-act="{name}">{picture}{told}</button>')
_PICTURE = Markup('<img src="{}/{}.webp" alt="" width="56" height="56" loading="lazy">')
_GROUP = Markup(
    '<div class="examples" role="group" aria-labelledby="{0}-examples"><p id="{0}-examples">{1}</p>{2}</div>'
)


class Examples:
    """The row of a tab."""

    def __init__(self, tab: str) -> None:
        self.tab = tab
        self.row = gr.HTML(_row(tab), js_on_load=TELL_BUTTON)

    def put_into(self, source: Any, **event: Any) -> None:
        """A click puts the file into `source`, where it is a file like any other."""
        self.row.click(self.chosen, None, source, **event)

    def chosen(self, event: gr.EventData) -> str:
        return example(choice("example", event.act, NAMES[self.tab]))


def example(name: str) -> str:
    """A copy of the file where uploads lie."""
    file = VOICES / f"{name}.mp3" if name in NAMES["emotion"] else PHOTOS / f"{name}.jpg"
    return publish(file.read_bytes(), file.name)


def _row(tab: str) -> Markup:
    said = both_languages("examples" if tab == "emotion" else "example_photos")
    return _GROUP.format(tab, said, Markup().join(_button(tab, name) for name in NAMES[tab]))


def _button(tab: str, name: str) -> Markup:
    picture = "" if tab == "emotion" else _PICTURE.format(ROUTE[1:], name)
    return _BUTTON.format(tab=tab, name=name, picture=picture, told=both_languages(f"example_{name}"))
