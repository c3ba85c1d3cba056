"""Controls made from options."""

from dataclasses import dataclass
from typing import Literal

import gradio as gr
import pytest

from models.media.sources import Source
from models.tasks.options import option
from ui.tabs.controls import choices, control, option_of


@dataclass(frozen=True)
class Drawing:
    format: Literal["png", "jpg"] = option("jpg", "of the result")
    erode: int = option(3, "of the lines", limits=(1, 9), step=2)
    feather: bool = option(True, "soft")
    frame: Source | None = option(None, "around it")


def test_a_control_has_default_range_and_choices_of_its_option() -> None:
    radio, slider, box = (control(Drawing, name) for name in ("format", "erode", "feather"))
    assert (radio.value, [key for _, key in radio.choices]) == ("jpg", ["png", "jpg"])
    assert (slider.value, slider.minimum, slider.maximum, slider.step) == (3, 1, 9, 2)
    assert isinstance(box, gr.Checkbox) and box.value is True


def test_a_file_needs_a_control_of_its_own() -> None:
    with pytest.raises(TypeError, match="frame"):
        control(Drawing, "frame")


def test_choices_are_labelled_where_there_is_a_text() -> None:
    (_, portrait), (plain, other) = choices(("portrait", "moon"), "variant")
    assert (portrait, plain, other) == ("portrait", "moon", "moon")
    assert option_of(Drawing, "erode").doc == "of the lines"
