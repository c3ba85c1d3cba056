"""Emotion scores of a whole recording in HTML: the strongest one, and all as bars. Colours are in the stylesheet."""

from markupsafe import Markup

from models.finish.emotion_report import Verdict
from ui.charts.verdict import by_parts, unclear
from ui.i18n.language import say
from ui.i18n.texts import EMOTIONS, ZH
from ui.icons import icon

_HEADLINE = Markup('<div class="headline {}">{}<div><strong>{}</strong> <small>{}</small><p>{}</p>{}</div></div>')
_UNCLEAR = Markup('<div class="headline"><div><strong class="unclear">{}</strong>{}</div></div>')
_BAR = Markup(
    '<li><span class="bar-name">{} {} <small>{}</small></span>'
    '<span class="bar-track"><span class="bar-fill {}" style="width:{:.1f}%"></span></span>'
    '<span class="bar-value">{:.1%}</span></li>'
)


def headline(found: Verdict, language: str) -> Markup:
    """The strongest emotion, large, in the visitor's language and small in the other; or that none is clear."""
    why = Markup("<p>{}</p>").format(text) if (text := by_parts(found, language)) else Markup()
    if not found.clear:
        return _UNCLEAR.format(unclear(found, language), why)
    sure = say(language, "confidence", percent=f"{found.score:.0%}")
    return _HEADLINE.format(found.emotion, *_named(found.emotion, language), sure, why)


def bars(scores: dict[str, float], language: str) -> Markup:
    """Every score as a bar, the strongest on top."""
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    rows = Markup().join(_BAR.format(*_named(name, language), name, 100 * score, score) for name, score in ranked)
    return Markup('<ul class="bars" aria-label="{}">{}</ul>').format(say(language, "scores"), rows)


def _named(emotion: str, language: str) -> tuple[Markup, str, str]:
    """Its icon, its name in `language`, its name in the other one."""
    english, chinese = EMOTIONS[emotion]
    return icon(emotion), *((chinese, english) if language == ZH else (english, chinese))
