"""The Status tab is a place for the page's script, and asks the server nothing by itself."""

import gradio as gr

from ui.tabs.status import StatusTab


def test_it_is_a_hint_in_both_languages_and_an_empty_board() -> None:
    with gr.Blocks() as blocks:
        StatusTab()
    (board,) = blocks.blocks.values()
    assert '<div id="status-board"></div>' in board.value and '<span lang="zh">' in board.value
    assert not blocks.fns
