"""The timeline of a recording as HTML: its waveform coloured by emotion, the scores below on the same clock, a player.

The page's script reads the segments from `data-segments`, shows the moment under the pointer and moves the player.
"""

import json
from typing import Any
from urllib.parse import quote

import numpy as np
from markupsafe import Markup

from models.finish.emotion_report import Analysis, shares
from models.timeline import smooth
from ui.charts.verdict import name_of
from ui.i18n.language import say
from ui.icons import icon
from ui.state.kept import KeptVoice

TICKS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)  # seconds between two of them
PEAKS = 240  # bars of the waveform
FAINT = 0.02  # an emotion that never has a larger share is left out of the curves
_TIMELINE = Markup(
    '<section class="timeline" data-duration="{duration}" data-segments="{spans}"><h4>{label}</h4>'
    '<div class="track" role="slider" tabindex="0" aria-label="{label}" aria-valuemin="0" aria-valuemax="{duration}" '
    'aria-valuenow="0">{drawn}<i class="cursor" hidden></i></div><div class="ticks">{ticks}</div>'
    '<p class="readout" aria-live="polite">{hint}</p>'
    '<audio controls preload="metadata" src="gradio_api/file={wav}"></audio>{shares}{listed}</section>'
)
_WAVE = Markup('<svg class="wave" viewBox="0 0 {} 60" preserveAspectRatio="none" aria-hidden="true">{}</svg>')
_WAVE_BAR = Markup('<rect class="{}" x="{:.2f}" y="{:.1f}" width="0.76" height="{:.1f}"/>')
_CURVES = Markup(
    '<svg class="curves" viewBox="0 0 {} 100" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
)
_SEGMENT = Markup('<li><button type="button" class="seek" data-second="{}"><i class="{}"></i>{}</button></li>')


def timeline(kept: KeptVoice, result: dict[str, Any], language: str) -> Markup:
    """Everything that happens over time in `result`, the report on `kept`."""
    told = [_told(segment, language) for segment in result["segments"]]
    spans = [[segment["start"], segment["end"], text] for segment, text in zip(result["segments"], told, strict=True)]
    return _TIMELINE.format(
        duration=result["duration"],
        spans=json.dumps(spans, ensure_ascii=False),
        label=say(language, "timeline"),
        drawn=_wave(kept.peaks, result) + _curves(kept.passed.analysis, language),
        ticks=_ticks(result["duration"]),
        hint=say(language, "timeline_hint"),
        wav=quote(kept.wav),
        shares=_shares(result["segments"], language),
        listed=_listed(result["segments"], told, language),
    )


def stacked(analysis: Analysis) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Each label's floor and top over time, the largest lowest: [at most PEAKS] in 0..1, lower where it is silent."""
    voiced = smooth(analysis.frame_scores) * analysis.voiced[:, None]
    scores = np.array([span.mean(axis=0) for span in np.array_split(voiced, min(PEAKS, len(voiced)))])
    order = np.argsort(-scores.sum(axis=0)).tolist()
    tops = np.cumsum(scores[:, order], axis=1)
    return [(analysis.labels[label], tops[:, n] - scores[:, label], tops[:, n]) for n, label in enumerate(order)]


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
    """`0:12.4–0:15.0 · Happy · 61% sure`, or a pause."""
    start, end = (f"{int(t // 60)}:{t % 60:04.1f}" for t in (segment["start"], segment["end"]))
    if not segment["voiced"]:
        return f"{start}–{end} · {say(language, 'pause')}"
    name = name_of(segment["emotion"], language)
    percent = f"{segment['confidence']:.0%}"
    return f"{start}–{end} · {name} · {say(language, 'confidence', percent=percent)}"


def _wave(peaks: np.ndarray, result: dict[str, Any]) -> Markup:
    bars = (_wave_bar(index, peak, result) for index, peak in enumerate(peaks.tolist()))
    return _WAVE.format(PEAKS, Markup().join(bars))


def _wave_bar(index: int, peak: float, result: dict[str, Any]) -> Markup:
    emotion = emotion_at((index + 0.5) / PEAKS * result["duration"], result["segments"]) or "silent"
    height = max(1.5, 56 * peak)
    return _WAVE_BAR.format(emotion, index + 0.12, 30 - height / 2, height)


def _curves(analysis: Analysis, language: str) -> Markup:
    layers = [layer for layer in stacked(analysis) if (layer[2] - layer[1]).max() > FAINT]
    curve = Markup('<polygon class="{}" points="{}"/>')
    curves = (curve.format(label, _outline(floor, top)) for label, floor, top in layers)
    return _CURVES.format(PEAKS, say(language, "curves"), Markup().join(curves))


def _outline(floor: np.ndarray, top: np.ndarray) -> str:
    x = np.linspace(0, PEAKS, len(top))
    points = np.concatenate([np.stack([x, 100 - 100 * top], 1), np.stack([x, 100 - 100 * floor], 1)[::-1]])
    return " ".join(f"{a:g},{b:g}" for a, b in points.round(1).tolist())


def _ticks(duration: float) -> Markup:
    tick = Markup('<span style="left:{:.2f}%">{}</span>')
    return Markup().join(tick.format(100 * second / duration, clock(second)) for second in ticks(duration))


def _shares(segments: list[dict[str, Any]], language: str) -> Markup:
    item = Markup('<li><i class="{}"></i>{} {} {:.0%}</li>')
    items = (item.format(name, icon(name), name_of(name, language), share) for name, share in shares(segments))
    return Markup('<ul class="shares"><li>{}</li>{}</ul>').format(say(language, "shares"), Markup().join(items))


def _listed(segments: list[dict[str, Any]], told: list[str], language: str) -> Markup:
    """Every stretch of voice as a button that plays it."""
    voiced = [(segment, text) for segment, text in zip(segments, told, strict=True) if segment["voiced"]]
    items = (_SEGMENT.format(segment["start"], segment["emotion"], text) for segment, text in voiced)
    count = say(language, "segments", count=len(voiced))
    return Markup("<details><summary>{}</summary><ol>{}</ol></details>").format(count, Markup().join(items))
