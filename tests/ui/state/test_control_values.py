"""What the values of controls may be."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from ui.state.control_values import is_valid, storable


@pytest.mark.parametrize(
    ("control", "valid", "invalid"),
    [
        (gr.Radio([("Anime", "anime")]), ["anime"], ["Anime", "gone", None, 1, ["anime"]]),
        (gr.Slider(0, 5), [0, 2.5, 5], [6, -1, "2", True, None, float("nan")]),
        (gr.Checkbox(), [True, False], [1, "true", None]),
        (gr.ColorPicker(), ["#ff8000", "rgb(1, 2, 3)"], ["red", None, 7]),
        (gr.Textbox(), [], ["text"]),
    ],
)
def test_only_values_that_the_control_can_have(control: Any, valid: list[object], invalid: list[object]) -> None:
    assert all(is_valid(control, value) for value in valid)
    assert not any(is_valid(control, value) for value in invalid)


def test_only_uploaded_files_are_kept_with_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    mine, foreign = tmp_path / "uploads" / "a.png", tmp_path / "secret.png"
    mine.parent.mkdir()
    for file in (mine, foreign):
        file.write_bytes(b"picture")
    assert storable(gr.Image(), {"path": str(mine), "url": "x"}) == {"path": str(mine)}
    assert storable(gr.Image(), {"path": str(foreign)}) is None and storable(gr.Image(), None) is None
    assert storable(gr.Slider(0, 1, value=0.5), "x" * 99) == 0.5
