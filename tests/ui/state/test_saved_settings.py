"""What the browser is told of the settings that it keeps; that it heeds it stands in tests/browser/test_history.py."""

import re

import gradio as gr

from ui.state.saved_settings import may_be


def test_choices_are_told_by_their_keys() -> None:
    assert may_be(gr.Radio([("Anime", "anime"), ("3D", "3d")])) == {"choices": ["anime", "3d"]}
    assert may_be(gr.Dropdown([("PNG", "png")])) == {"choices": ["png"]}
    assert may_be(gr.Checkbox()) == {"choices": [True, False]}


def test_numbers_are_told_by_their_bounds() -> None:
    assert may_be(gr.Slider(0, 5)) == {"range": [0, 5]}


def test_colours_are_told_by_their_pattern() -> None:
    pattern = may_be(gr.ColorPicker())["pattern"]
    assert all(re.match(pattern, colour) for colour in ("#ff8000", "rgb(1, 2, 3)"))
    assert not any(re.match(pattern, colour) for colour in ("red", "#ff8000; x", "javascript:1"))
