"""Buttons of a row as one component: each of Gradio's own is a component and an event more for the browser to walk
through, whenever anything happens."""

from markupsafe import Markup

from ui.tabs.result_panel import both_languages

# One event for all buttons; it tells what stands at the one that was pressed.
TELL_BUTTON = """element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) trigger("click", { ...button.dataset });
});"""
_BUTTON = Markup('<button type="button" id="{}" class="{}" data-act="{}">{}</button>')
_ROW = Markup('<div class="acts {}">{}</div>')


def button(act: str, key: str, *, id: str, look: str = "") -> Markup:
    """A button for `act` with the text `key`."""
    return _BUTTON.format(id, look, act, both_languages(key))


def row(buttons: list[Markup], look: str = "") -> Markup:
    """`buttons` side by side; nothing where there are none."""
    return _ROW.format(look, Markup().join(buttons)) if buttons else Markup()
