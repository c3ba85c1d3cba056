"""Tabs without a page: made on easy pipelines, asked with what a browser would send."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
from PIL import Image

from ui.state.files import publish
from ui.state.result_cache import ResultCache
from ui.tabs.base import Tab, Values

AnyTab = TypeVar("AnyTab", bound=Tab)


def made(kind: type[AnyTab]) -> AnyTab:
    with gr.Blocks():
        return kind(ResultCache())


def sent(tab: Tab, file: bytes | None, **changed: object) -> Values:
    """Every control at its default but for the settings in `changed`, and `file` as it was uploaded."""
    values = {control: control.value for control in tab.controls} | {tab.kept: None}
    values |= {tab.settings[name]: value for name, value in changed.items()}
    return values | {tab.source: None if file is None else {"path": publish(file, "photo.png")}}


def ran(tab: Tab, values: Values, request: Any) -> Values:
    """The values after a run: with its pass."""
    return values | {tab.kept: last(tab.run(values, request))[tab.kept]}


def last(updates: Iterator[Any]) -> Any:
    """Of the updates that an event yields."""
    return list(updates)[-1]


def message(tab: Tab, updates: Any) -> str:
    """What a set of updates says in words."""
    return str(updates[tab.panel.message]["value"])


def shown_picture(tab: Any, updates: Any) -> Image.Image:
    """The picture that a set of updates shows."""
    return Image.open(io.BytesIO(Path(updates[tab.panel.picture]["value"]).read_bytes()))
