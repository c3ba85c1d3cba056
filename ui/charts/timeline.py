"""The course of a recording as HTML: its waveform coloured by emotion, the scores below on the same clock, a player.

The page's script reads the segments from `data-segments`, shows the moment under the pointer and moves the player.
"""

import json
from html import escape
from typing import Any
from urllib.parse import quote

import numpy as np

from models.finish.emotion_report import Analysis
from models.timeline import smooth
from ui.charts.bars import name_of
from ui.i18n.language import say
from ui.i18n.texts import EMOTIONS
from ui.tabs.hearing import PEAKS, Kept

TICKS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)  # seconds between two of them
FAINT = 0.02  # an emotion that never has a larger share is left out of the curves


def course(kept: Kept, result: dict[str, Any], language: str) -> str:
    """Everything that happens over time in `result`, the report on `kept`."""
    label, duration = say(language, "timeline"), result["duration"]
    told = [_told(segment, language) for segment in result["segments"]]
    spans = [[segment["start"], segment["end"], text] for segment, text in zip(result["segments"], told, strict=True)]
    data = escape(json.dumps(spans, ensure_ascii=False), quote=True)
    return (
        f'<section class="course" data-duration="{duration}" data-segments="{data}"><h4>{label}</h4>'
        f'<div class="track" role="slider" tabindex="0" aria-label="{label}" aria-valuemin="0" '
        f'aria-valuemax="{duration}" aria-valuenow="0">{_wave(kept.peaks, result)}{_curves(kept.analysis, language)}'
        f'<i class="cursor" hidden></i></div><div class="ticks">{_ticks(duration)}</div>'
        f'<p class="readout" aria-live="polite">{say(language, "course_hint")}</p>'
        f'<audio controls preload="metadata" src="gradio_api/file={quote(kept.wav)}"></audio>'
        f"{_shares(result['segments'], language)}{_listed(result['segments'], told, language)}</section>"
    )


def stacked(analysis: Analysis) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Each label's floor and top over time, the largest lowest: [at most PEAKS] in 0..1, lower where it is silent."""
    voiced = smooth(analysis.frame_scores) * analysis.voiced[:, None]
    scores = np.array([span.mean(axis=0) for span in np.array_split(voiced, min(PEAKS, len(voiced)))])
    order = np.argsort(-scores.sum(axis=0)).tolist()
    tops = np.cumsum(scores[:, order], axis=1)
    return [(analysis.labels[label], tops[:, n] - scores[:, label], tops[:, n]) for n, label in enumerate(order)]


def shares(segments: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Each emotion's part of the time with voice, 0..1, the largest first."""
    seconds: dict[str, float] = {}
    for segment in segments:
        if segment["voiced"]:
            seconds[segment["emotion"]] = seconds.get(segment["emotion"], 0) + segment["end"] - segment["start"]
    total = sum(seconds.values())
    return sorted(((emotion, part / total) for emotion, part in seconds.items()), key=lambda pair: -pair[1])


def ticks(duration: float) -> list[float]:
    """Seconds at an even distance, about six of them; the text of one at the very end would be cut off."""
    step = next((step for step in TICKS if duration / step <= 7), TICKS[-1])
    return [count * step for count in range(int(duration / step) + 1) if count * step < 0.94 * duration]


def emotion_at(second: float, segments: list[dict[str, Any]]) -> str | None:
    return next((segment["emotion"] for segment in segments if segment["start"] <= second < segment["end"]), None)


def clock(second: float) -> str:
    """`3 s`, `3.5 s`, from a minute on `1:05`."""
    return f"{second:g} s" if second < 60 else f"{int(second // 60)}:{second % 60:02.0f}"


def _told(segment: dict[str, Any], language: str) -> str:
    """`0:12.4–0:15.0 · 😄 Happy · 61% sure`, or a pause."""
    start, end = (f"{int(t // 60)}:{t % 60:04.1f}" for t in (segment["start"], segment["end"]))
    if not segment["voiced"]:
        return f"{start}–{end} · {say(language, 'pause')}"
    name = f"{EMOTIONS[segment['emotion']][0]} {name_of(segment['emotion'], language)}"
    percent = f"{segment['confidence']:.0%}"
    return f"{start}–{end} · {name} · {say(language, 'confidence', percent=percent)}"


def _wave(peaks: np.ndarray, result: dict[str, Any]) -> str:
    bars = "".join(_wave_bar(i, peak, result) for i, peak in enumerate(peaks.tolist()))
    return f'<svg class="wave" viewBox="0 0 {PEAKS} 60" preserveAspectRatio="none" aria-hidden="true">{bars}</svg>'


def _wave_bar(index: int, peak: float, result: dict[str, Any]) -> str:
    emotion = emotion_at((index + 0.5) / PEAKS * result["duration"], result["segments"]) or "silent"
    height = max(1.5, 56 * peak)
    return (
        f'<rect class="{emotion}" x="{index + 0.12:.2f}" y="{30 - height / 2:.1f}" width="0.76" height="{height:.1f}"/>'
    )


def _curves(analysis: Analysis, language: str) -> str:
    layers = [layer for layer in stacked(analysis) if (layer[2] - layer[1]).max() > FAINT]
    paths = "".join(f'<polygon class="{label}" points="{_outline(floor, top)}"/>' for label, floor, top in layers)
    return (
        f'<svg class="curves" viewBox="0 0 {PEAKS} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{say(language, "curves")}">{paths}</svg>'
    )


def _outline(floor: np.ndarray, top: np.ndarray) -> str:
    x = np.linspace(0, PEAKS, len(top))
    points = np.concatenate([np.stack([x, 100 - 100 * top], 1), np.stack([x, 100 - 100 * floor], 1)[::-1]])
    return " ".join(f"{a:g},{b:g}" for a, b in points.round(1).tolist())


def _ticks(duration: float) -> str:
    return "".join(
        f'<span style="left:{100 * second / duration:.2f}%">{clock(second)}</span>' for second in ticks(duration)
    )


def _shares(segments: list[dict[str, Any]], language: str) -> str:
    items = "".join(
        f'<li><i class="{emotion}"></i>{EMOTIONS[emotion][0]} {name_of(emotion, language)} {share:.0%}</li>'
        for emotion, share in shares(segments)
    )
    return f'<ul class="shares"><li>{say(language, "shares")}</li>{items}</ul>'


def _listed(segments: list[dict[str, Any]], told: list[str], language: str) -> str:
    """Every stretch of voice as a button that plays it."""
    items = "".join(
        f'<li><button type="button" class="seek" data-second="{segment["start"]}"><i class="{segment["emotion"]}"></i>'
        f"{escape(text)}</button></li>"
        for segment, text in zip(segments, told, strict=True)
        if segment["voiced"]
    )
    count = sum(segment["voiced"] for segment in segments)
    return f"<details><summary>{say(language, 'segments', count=count)}</summary><ol>{items}</ol></details>"
