"""A result in a few words, for lists of many."""

from typing import Any

from models.finish.emotion_report import Analysis, report
from ui.i18n.language import say
from ui.i18n.texts import EMOTIONS, ZH


def emotion_remark(analysis: Analysis, language: str) -> str:
    """The strongest emotion and how sure it is, or that nobody spoke."""
    result = _utterance(analysis)
    if result["emotion"] is None:
        return say(language, "remark_silence")
    emoji, english, chinese = EMOTIONS[result["emotion"]]
    return f"{emoji} {chinese if language == ZH else english} {result['confidence']:.0%}"


def emotion_facts(analysis: Analysis) -> dict[str, str | float]:
    """Columns of a report: emotion, confidence, duration in seconds, all scores."""
    result = _utterance(analysis)
    scores = {f"score_{name}": score for name, score in result["scores"].items()}
    told = {key: "" if result[key] is None else result[key] for key in ("emotion", "confidence", "duration")}
    return {**told, **scores}


def _utterance(analysis: Analysis) -> dict[str, Any]:
    return report(analysis, granularity="utterance", embedding=False)
