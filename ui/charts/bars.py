"""Emotion scores of a whole recording in HTML: the strongest one, and all as bars. Colours are in the stylesheet."""

from html import escape
from typing import Any

from ui.i18n.language import say
from ui.i18n.texts import EMOTIONS, ZH


def name_of(emotion: str, language: str) -> str:
    return EMOTIONS[emotion][2 if language == ZH else 1]


def headline(result: dict[str, Any], language: str) -> str:
    """The strongest emotion, large, in the visitor's language and small in the other."""
    emoji, english, chinese = EMOTIONS[result["emotion"]]
    first, second = (chinese, english) if language == ZH else (english, chinese)
    sure = say(language, "confidence", percent=f"{result['confidence']:.0%}")
    return (
        f'<div class="headline"><span class="emoji" aria-hidden="true">{emoji}</span>'
        f"<div><strong>{first}</strong> <small>{second}</small><p>{escape(sure)}</p></div></div>"
    )


def bars(scores: dict[str, float], language: str) -> str:
    """Every score as a bar, the strongest on top."""
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    return (
        f'<ul class="bars" aria-label="{say(language, "scores")}">'
        + "".join(_bar(*pair, language) for pair in ranked)
        + "</ul>"
    )


def _bar(emotion: str, score: float, language: str) -> str:
    emoji, english, chinese = EMOTIONS[emotion]
    first, second = (chinese, english) if language == ZH else (english, chinese)
    return (
        f'<li><span class="bar-name"><span aria-hidden="true">{emoji}</span> {first} <small>{second}</small></span>'
        f'<span class="bar-track"><span class="bar-fill {emotion}" style="width:{100 * score:.1f}%"></span></span>'
        f'<span class="bar-value">{score:.1%}</span></li>'
    )
