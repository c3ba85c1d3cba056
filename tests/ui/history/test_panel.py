"""Earlier results below a tab belong to their visitor."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from tests.helpers.picture_makers import PNG
from tests.helpers.visitors import visitor
from ui.history.panel import HistoryPanel
from ui.history.registry import Entry
from ui.state.files import publish
from ui.state.result_cache import ResultCache
from ui.tabs.cartoon import CartoonTab


@pytest.fixture
def shown(uploads: Path) -> tuple[CartoonTab, HistoryPanel]:
    with gr.Blocks():
        tab = CartoonTab(ResultCache())
        return tab, HistoryPanel(tab, "cartoon")


def test_only_its_owner_sees_an_entry_and_clears_it(shown: tuple[CartoonTab, HistoryPanel]) -> None:
    tab, panel = shown
    source, picture = publish(PNG, "photo.png"), publish(PNG, "cartoon.png")
    tab.history.add("a" * 32, Entry(source, {}, None, picture=picture, files={picture}))
    mine, other = panel.look(visitor("a")), panel.look(visitor("b"))
    assert "<img" in mine[panel.list] and "<img" not in other[panel.list]
    clear: Any = SimpleNamespace(act="clear")
    list(panel.act({tab.kept: None}, clear, visitor("b")))
    assert "<img" in panel.look(visitor("a"))[panel.list]
    (cleared,) = panel.act({tab.kept: None}, clear, visitor("a"))
    assert "<img" not in cleared[panel.list]


def test_a_result_that_is_gone_is_one_sentence(shown: tuple[CartoonTab, HistoryPanel]) -> None:
    tab, panel = shown
    clicked: Any = SimpleNamespace(act="open", id="none")
    (answer,) = panel.act({tab.kept: None}, clicked, visitor("a"))
    assert "no longer kept" in answer[panel.message]["value"]
