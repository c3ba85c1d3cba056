"""Which language a visitor reads, and the page's sentences in it."""

from typing import Any

import gradio as gr

from models.errors import PrewarmError
from ui.i18n.error_texts_zh import ERRORS
from ui.i18n.texts import EN, TEXTS, ZH

i18n = gr.I18n(
    **{EN: {key: pair[0] for key, pair in TEXTS.items()}, ZH: {key: pair[1] for key, pair in TEXTS.items()}},
)


def label(key: str) -> Any:
    """A static text in both languages, chosen by the browser."""
    return i18n(key)


def language_of(request: gr.Request | None) -> str:
    """The first of ours in `Accept-Language`, where the page puts the one that was chosen on it (`assets/owner.js`)."""
    header = request.headers.get("accept-language", "") if request else ""
    wishes = sorted(filter(None, map(_wish, header.split(","))), key=lambda wish: -wish[0])
    return wishes[0][1] if wishes else EN


def _wish(part: str) -> tuple[float, str] | None:
    tag, _, weight = part.strip().partition(";q=")
    language = {"zh": ZH, "en": EN}.get(tag.lower().split("-")[0])
    try:
        return (float(weight or 1), language) if language else None
    except ValueError:
        return None


def say(language: str, key: str, **values: object) -> str:
    """The sentence `key`, its {names} filled in."""
    return TEXTS[key][language == ZH].format(**values)


def say_error(language: str, error: PrewarmError) -> str:
    """What the error says, in `language`; the English sentence where there is no other."""
    text = ERRORS.get(error.reason) if language == ZH else None
    if text is None:
        return error.message
    try:
        return text.format(**error.values)
    except (KeyError, IndexError):
        return error.message
