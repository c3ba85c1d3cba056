"""Many files below a tab: the page shows the batch of its visitor, after a refresh too."""

import re
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from tests.helpers.batches import batch_of, settled
from tests.helpers.visitors import visitor
from ui.batch.panel import BatchPanel
from ui.batch.registry import Batches
from ui.state.result_cache import ResultCache
from ui.tabs.cartoon import CartoonTab


@pytest.fixture
def panel(uploads: Path) -> BatchPanel:
    with gr.Blocks():
        return BatchPanel(CartoonTab(ResultCache()), "cartoon", Batches())


def offered(update: dict[str, Any]) -> list[str]:
    """What the buttons are for."""
    return re.findall(r'data-act="(\w+)"', update["value"])


def test_a_finished_batch_can_be_saved_and_its_failures_tried_again(panel: BatchPanel, uploads: Path) -> None:
    batch = batch_of(uploads, "a.png", "bad.png")
    panel._batches.start("a" * 32, "cartoon", batch)
    settled(batch)
    assert panel.found(visitor("a"))["open"]
    shown = panel.look(visitor("a"))
    assert offered(shown[panel.buttons]) == ["zip", "retry", "new"] and not shown[panel.files]["visible"]
    assert Path(panel.save(visitor("a"))[panel.file]).name == "cartoon-1.zip"


def test_strangers_and_new_visitors_see_where_to_choose_files(panel: BatchPanel, uploads: Path) -> None:
    batch = batch_of(uploads, "a.png")
    panel._batches.start("a" * 32, "cartoon", batch)
    settled(batch)
    assert panel.found(visitor("b")) == gr.skip()
    shown = panel.look(visitor("b"))
    assert offered(shown[panel.buttons]) == ["start"]
    assert shown[panel.files]["visible"] and shown[panel.list]["value"] == ""
    panel.clear(visitor("a"))
    assert panel.look(visitor("a"))[panel.files]["visible"]


def test_nothing_chosen_is_one_sentence(panel: BatchPanel) -> None:
    shown = panel.begin({panel.files: None}, visitor("a"))
    assert "alert" in shown[panel.message]["value"]
