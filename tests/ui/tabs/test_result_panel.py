"""The result column: empty, filled, failed; text in both languages."""

from pathlib import Path

import cv2
import gradio as gr
import numpy as np
import pytest

from ui.tabs.result_panel import PicturePanel, both_languages, loading_html, photo_input

PICTURE = np.full((20, 30, 3), 90, np.uint8)


@pytest.fixture
def panel(uploads: Path) -> PicturePanel:
    with gr.Blocks():
        return PicturePanel("cartoon", views=("result", "compare"))


def test_a_picture_is_published_and_stands_beside_the_photo_only_when_compared(panel: PicturePanel) -> None:
    for view in ("result", "compare"):
        shown = panel.shown(PICTURE, before="before.jpg", view=view, message="", facts="facts")
        path = panel.picture_in(shown)
        assert path and cv2.imread(path).shape == PICTURE.shape
        seen = [shown[panel.picture]["visible"], shown[panel.compare]["visible"]]
        assert seen == [view == "result", view == "compare"]
        assert shown[panel.compare]["value"] == ("before.jpg", path) and shown[panel.column]["visible"]


def test_a_failure_is_read_out_and_takes_the_result_away(panel: PicturePanel) -> None:
    shown = panel.failed("<No> picture.")
    assert "&lt;No&gt;" in shown[panel.message]["value"] and 'role="alert"' in shown[panel.message]["value"]
    assert not shown[panel.column]["visible"] and shown[panel.empty]["visible"]
    assert panel.picture_in(shown) is None


def test_nothing_to_say_shows_no_box_and_leaves_the_result(panel: PicturePanel) -> None:
    assert panel.said("").keys() == {panel.message} and not panel.said("")[panel.message]["visible"]
    assert panel.filled("").keys() == {panel.message, panel.empty, panel.column}


def test_every_update_is_for_a_component_of_the_panel(panel: PicturePanel) -> None:
    updates = panel.cleared() | panel.shown(PICTURE, before="", view="result", message="", facts="")
    assert updates.keys() <= panel.components


def test_texts_come_in_both_languages() -> None:
    assert both_languages("variant_portrait") == '<span lang="en">A person</span><span lang="zh">人像</span>'
    assert 'data-task="a&#34;b"' in loading_html('a"b')
    assert photo_input("cartoon-photo").elem_id == "cartoon-photo"
