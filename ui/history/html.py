"""The history as the page shows it: every earlier result with what it was made with."""

import time
from typing import Any

import gradio as gr
from gradio.i18n import I18nData
from markupsafe import Markup

from ui.batch.html import url
from ui.buttons import button, row
from ui.history.registry import Entry
from ui.i18n.language import say

Settings = dict[str, Any]  # components by name
_CARD = Markup(
    '<li><button class="history-picture" {}</button><b>{}</b><small title="{told}">{told}</small>'
    '<span class="history-acts"><button {}</button><button class="history-delete" {}</button></span></li>'
)
_ACT = Markup('type="button" data-act="{}" data-id="{}" title="{}">{}')  # the inside of a button
_IMAGE = Markup('<img src="{}" alt="" loading="lazy">')


def history_html(entries: list[tuple[Entry, str | None]], settings: Settings, language: str, *, name: str) -> Markup:
    """Entries with their small pictures, the newest first; below them what deletes all."""
    if not entries:
        return Markup('<p class="hint">{}</p>').format(say(language, "history_empty"))
    cards = Markup().join(_card(*shown, settings, language) for shown in entries)
    clear = button("clear", "history_clear", id=f"{name}-history-clear", look="clear")
    return Markup('<ul class="history-cards">{}</ul>{}').format(cards, row([clear], "small"))


def _card(entry: Entry, thumb: str | None, settings: Settings, language: str) -> Markup:
    picture = _IMAGE.format(url(thumb)) if thumb else Markup("<span>{}</span>").format(entry.remark)
    opened = _ACT.format("open", entry.id, say(language, "history_open"), picture)
    rerun = _ACT.format("rerun", entry.id, say(language, "history_rerun_title"), say(language, "history_rerun"))
    delete = _ACT.format("delete", entry.id, *[say(language, "history_delete")] * 2)
    told = " · ".join(told_settings(entry, settings, language))
    return _CARD.format(opened, _ago(entry, language), rerun, delete, told=told)


def _ago(entry: Entry, language: str) -> str:
    minutes = int((time.time() - entry.used_at) / 60)
    return say(language, "history_ago", count=minutes) if minutes else say(language, "history_now")


def told_settings(entry: Entry, settings: Settings, language: str) -> list[str]:
    """The first setting, which is the main one, and of the others those that are not as usual."""
    first, *others = settings.values()
    changed = [control for control in others if entry.values.get(control) != control.value]
    parts = (_told(control, entry.values.get(control), language) for control in (first, *changed))
    return [part for part in parts if part]


def _told(control: Any, value: object, language: str) -> str:
    if isinstance(control, (gr.Radio, gr.Dropdown)):
        return _text(next((text for text, key in control.choices if key == value), value), language)
    if isinstance(control, gr.Checkbox):
        return f"{'+' if value else '−'} {_text(control.label, language)}"
    return f"{_text(control.label, language)} {value}" if isinstance(control, (gr.Slider, gr.Number)) else ""


def _text(text: object, language: str) -> str:
    return say(language, text.key) if isinstance(text, I18nData) else str(text)
