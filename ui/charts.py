"""Emotion scores as pictures in HTML: bars, and a timeline over the waveform. Colours are in the stylesheet."""

from html import escape
from typing import Any

import numpy as np

from ui.language import say
from ui.texts import EMOTIONS, ZH

PERCENT_SHOWN = 0.005  # scores below this are told as 0 %


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
        f'<ul class="bars" aria-label="{say(language, "scores")}">' + "".join(_bar(*pair) for pair in ranked) + "</ul>"
    )


def _bar(emotion: str, score: float) -> str:
    emoji, english, chinese = EMOTIONS[emotion]
    return (
        f'<li><span class="bar-name"><span aria-hidden="true">{emoji}</span> {english} <small>{chinese}</small></span>'
        f'<span class="bar-track"><span class="bar-fill {emotion}" style="width:{100 * score:.1f}%"></span></span>'
        f'<span class="bar-value">{score:.1%}</span></li>'
    )


def timeline(result: dict[str, Any], peaks: np.ndarray, language: str) -> str:
    """Waveform coloured by segment, with seconds below, and each emotion's share of the voice."""
    duration = result["duration"]
    bars_ = "".join(_wave_bar(i, height, len(peaks), result) for i, height in enumerate(peaks.tolist()))
    ticks = "".join(
        f'<span style="left:{100 * second / duration:.2f}%">{second:g} s</span>' for second in _ticks(duration)
    )
    return (
        f'<div class="timeline"><h4>{say(language, "timeline")}</h4>'
        f'<svg viewBox="0 0 {len(peaks)} 60" preserveAspectRatio="none" role="img" '
        f'aria-label="{say(language, "timeline")}">{bars_}</svg>'
        f'<div class="ticks">{ticks}</div>{_shares(result["segments"], language)}</div>'
    )


def _wave_bar(index: int, peak: float, count: int, result: dict[str, Any]) -> str:
    second = (index + 0.5) / count * result["duration"]
    emotion = next((s["emotion"] for s in result["segments"] if s["start"] <= second < s["end"]), None)
    height = max(1.5, 58 * peak)
    return (
        f'<rect class="{emotion or "silent"}" x="{index + 0.12:.2f}" y="{30 - height / 2:.1f}" '
        f'width="0.76" height="{height:.1f}"/>'
    )


def _ticks(duration: float) -> list[float]:
    """Whole seconds at an even distance, about six of them."""
    step = next((step for step in (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300) if duration / step <= 7), 600)
    # The text of a tick at the very end would be cut off.
    return [count * step for count in range(int(duration / step) + 1) if count * step < 0.94 * duration]


def _shares(segments: list[dict[str, Any]], language: str) -> str:
    seconds: dict[str, float] = {}
    for segment in segments:
        if segment["voiced"]:
            seconds[segment["emotion"]] = seconds.get(segment["emotion"], 0) + segment["end"] - segment["start"]
    total = sum(seconds.values())
    ranked = sorted(seconds.items(), key=lambda pair: -pair[1])
    items = "".join(
        f'<li><i class="{emotion}"></i>{EMOTIONS[emotion][0]} {name_of(emotion, language)} {share / total:.0%}</li>'
        for emotion, share in ranked
    )
    return f'<ul class="shares" aria-label="{say(language, "shares")}">{items}</ul>' if items else ""
