"""Settings from the browser's own store: what still means something is put back."""

from types import SimpleNamespace

import gradio as gr

from ui.state.saved_settings import Remembered


def test_nonsense_changes_nothing() -> None:
    with gr.Blocks() as blocks:
        settings = {"style": gr.Radio(["anime", "3d"], value="anime"), "strength": gr.Slider(0, 1, value=0.5)}
        remembered = Remembered(blocks, SimpleNamespace(settings=settings), "cartoon")  # type: ignore[arg-type]
    assert remembered.put_back({"style": "3d", "strength": 7, "old": 1}) == ["3d", gr.skip()]
    for stored in (None, "text", [], 3):
        assert remembered.put_back(stored) == [gr.skip(), gr.skip()]
