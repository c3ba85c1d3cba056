"""The controls of ID photos are those of the task."""

import gradio as gr

from models.tasks.id_photo import Options
from models.tasks.options import checked, options_of
from ui.state.control_values import colour
from ui.tabs.id_controls import IdControls
from ui.tabs.presets import COLOURS


def test_every_control_is_an_option_with_its_default() -> None:
    with gr.Blocks():
        controls = IdControls()
    untouched = {name: control.value for name, control in controls.settings.items()}
    assert checked(Options, untouched) == Options()
    own = {option.name for option in options_of(Options)} - {"model", "output", "background", "background_image"}
    assert {name for name in own if name.startswith("id_")} | {"paper"} == untouched.keys()


def test_the_usual_backgrounds_are_colours_with_a_button_each() -> None:
    with gr.Blocks():
        written = str(IdControls().swatches.value)
    assert all(f'data-act="{name}"' in written for name in COLOURS)
    assert colour(COLOURS["red"]) == (217, 0, 27)
