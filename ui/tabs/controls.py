"""Controls for the options that a task declares."""

from typing import Any

import gradio as gr

from models.tasks.options import Option, options_of
from ui.i18n.language import label
from ui.i18n.texts import TEXTS


def control(options: type, name: str, *, text: str | None = None, **look: Any) -> Any:
    """The control for the option `name` of an options class: its choices, range and default are the option's.

    `text` names the label, and begins those of the choices, where it is not the option's own name.
    """
    option = option_of(options, name)
    text = text or name
    look = {"label": label(text), "value": option.default, **look}
    if f"{text}_info" in TEXTS:
        look["info"] = label(f"{text}_info")
    match option.kind:
        case "choice":
            return gr.Radio(choices(option.choices, text), **{"elem_classes": "chips", **look})
        case "number":
            return gr.Slider(option.low, option.high, step=option.step, **look)
        case "switch":
            return gr.Checkbox(**look)
    raise TypeError(f"{option.name} has no control of its own")


def choices(names: tuple[str, ...], prefix: str) -> list[Any]:
    """Names with their labels, where they have any."""
    return [(label(f"{prefix}_{name}") if f"{prefix}_{name}" in TEXTS else name, name) for name in names]


def option_of(options: type, name: str) -> Option:
    """The option itself."""
    return next(option for option in options_of(options) if option.name == name)
