"""What the values of controls may be."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from models.errors import BadField
from ui.state.control_values import colour, hex_colour, is_valid, storable


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


@pytest.mark.parametrize("text", ["#ff8000", "#FF8000", "rgb(255, 128, 0)", "rgba(255, 128.2, 0, 1)"])
def test_colours_as_pickers_write_them(text: str) -> None:
    assert (colour(text), hex_colour(text)) == ((255, 128, 0), "#ff8000")


@pytest.mark.parametrize("text", ["", "red", "#fff", "rgb(1,2)", None, "#ff80001"])
def test_other_colours_are_refused(text: object) -> None:
    with pytest.raises(BadField, match="#rrggbb"):
        colour(text)
