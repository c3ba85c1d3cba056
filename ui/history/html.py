"""The history as the page shows it: every earlier result with what it was made with."""

import time
from html import escape
from typing import Any

import gradio as gr
from gradio.i18n import I18nData

from ui.batch.html import url
from ui.history.registry import Entry
from ui.i18n.language import say

Settings = dict[str, Any]  # components by name


def history_html(entries: list[tuple[Entry, str | None]], settings: Settings, language: str) -> str:
    """Entries with their small pictures, the newest first."""
    if not entries:
        return f'<p class="hint">{escape(say(language, "history_empty"))}</p>'
    cards = "".join(_card(entry, thumb, settings, language) for entry, thumb in entries)
    return f'<ul class="history-cards">{cards}</ul>'


def _card(entry: Entry, thumb: str | None, settings: Settings, language: str) -> str:
    picture = f'<img src="{url(thumb)}" alt="" loading="lazy">' if thumb else f"<span>{escape(entry.remark)}</span>"
    told = escape(" · ".join(told_settings(entry, settings, language)))
    return (
        f'<li><button class="history-picture" {_act("open", entry, language)}>{picture}</button>'
        f'<b>{escape(_ago(entry, language))}</b><small title="{told}">{told}</small><span class="history-acts">'
        f"<button {_act('rerun', entry, language)}>{escape(say(language, 'history_rerun'))}</button>"
        f'<button class="history-delete" {_act("delete", entry, language)}>'
        f"{escape(say(language, 'history_delete'))}</button></span></li>"
    )


def _act(act: str, entry: Entry, language: str) -> str:
    title = escape(say(language, "history_rerun_title" if act == "rerun" else f"history_{act}"))
    return f'type="button" data-act="{act}" data-id="{entry.id}" title="{title}"'


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
