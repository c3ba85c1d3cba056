"""The result of a recording as one picture to keep: headline, bars, waveform and curves, in English.

Drawn here rather than in the browser, so that it is the same everywhere and needs no font from outside.
"""

from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.finish.emotion_report import Verdict, report, shares, verdict
from models.media import images
from ui.charts.colours import COLOURS
from ui.charts.timeline import PEAKS, clock, emotion_at, stacked, ticks
from ui.charts.verdict import by_parts, name_of, unclear
from ui.i18n.texts import EN
from ui.icons import BOARD, STROKE, lines
from ui.state.kept import KeptVoice

WIDTH, MARGIN, SCALE = 1200, 48, 2  # drawn SCALE times larger and averaged down, which smooths every edge
ROW, BAR, WAVE, CURVES = 44, 20, 150, 120
PAPER, TEXT, FAINT, TRACK = "#ffffff", "#2b2622", "#7a716a", "#f1ece6"


def chart_png(kept: KeptVoice) -> bytes:
    """PNG bytes for a recording in which a voice was heard."""
    result = report(kept.passed.analysis, granularity="utterance", embedding=False)
    found = verdict(result)
    assert found is not None
    board = _Board(660 + ROW * (len(result["scores"]) + bool(found.by_parts)))
    top = _headline(board, found, _told(kept, found, result["duration"]))
    bottom = _bars(board, result["scores"], top=top)
    bottom = _wave(board, kept.peaks, result, top=bottom + 24)
    bottom = _curves(board, kept, top=bottom + 8)
    _clock(board, result["duration"], top=bottom + 8)
    _legend(board, result["segments"], top=bottom + 52)
    return images.encode(board.finished(), "png")


def _told(kept: KeptVoice, found: Verdict, duration: float) -> str:
    """The line below the headline."""
    sample = ", sample model" if kept.call.status and kept.call.status.source == "sample" else ""
    sure = f"{found.score:.0%} sure, " if found.clear else ""
    return f"{sure}{duration:.1f} s of sound{sample}"


class _Board:
    """A sheet WIDTH wide; sizes are those of the finished picture."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(self, x: float, y: float, text: str, size: int, colour: str = TEXT, anchor: str = "la") -> None:
        font = ImageFont.load_default(size * SCALE)
        self._draw.text((x * SCALE, y * SCALE), text, colour, font, anchor=anchor)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, radius: float = 0) -> None:
        corners = [round(value * SCALE) for value in (left, top, max(left, right), bottom)]
        self._draw.rounded_rectangle(corners, radius * SCALE, colour)

    def icon(self, x: float, y: float, side: float, emotion: str) -> None:
        """The mood's face in its colour, `side` wide."""
        scale, width = side * SCALE / BOARD, round(STROKE * side * SCALE / BOARD)
        for line in lines(emotion):
            places = [(x * SCALE + scale * px, y * SCALE + scale * py) for px, py in line]
            self._draw.line(places, COLOURS[emotion], width, joint="curve")
            for px, py in (places[0], places[-1]):
                self._draw.circle((px, py), width / 2, COLOURS[emotion])

    def area(self, points: list[tuple[float, float]], colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], colour)

    def finished(self) -> np.ndarray:
        """RGB uint8."""
        return np.asarray(self._image.reduce(SCALE))


def _headline(board: _Board, found: Verdict, told: str) -> float:
    if found.clear:
        board.icon(MARGIN, 40, 56, found.emotion)
        board.text(MARGIN + 72, 36, name_of(found.emotion, EN), 54)
    else:
        board.text(MARGIN, 50, unclear(found, EN), 32)
    board.text(MARGIN, 106, told, 26, FAINT)
    if not found.by_parts:
        return 168
    board.text(MARGIN, 106 + ROW, by_parts(found, EN), 22, FAINT)
    return 168 + ROW


def _bars(board: _Board, scores: dict[str, float], *, top: float) -> float:
    left, right = MARGIN + 188, WIDTH - MARGIN - 90
    for emotion, score in sorted(scores.items(), key=lambda pair: -pair[1]):
        board.icon(MARGIN, top - 4, 28, emotion)
        board.text(MARGIN + 38, top + BAR / 2, name_of(emotion, EN), 24, anchor="lm")
        board.box(left, top, right, top + BAR, TRACK, BAR / 2)
        board.box(left, top, left + max(BAR, (right - left) * score), top + BAR, COLOURS[emotion], BAR / 2)
        board.text(WIDTH - MARGIN, top + BAR / 2, f"{score:.1%}", 24, FAINT, anchor="rm")
        top += ROW
    return top


def _wave(board: _Board, peaks: np.ndarray, result: dict[str, Any], *, top: float) -> float:
    board.box(MARGIN, top, WIDTH - MARGIN, top + WAVE, TRACK, 12)
    step = (WIDTH - 2 * MARGIN) / PEAKS
    for index, peak in enumerate(peaks.tolist()):
        emotion = emotion_at((index + 0.5) / PEAKS * result["duration"], result["segments"])
        half, left = max(1.5, 0.46 * WAVE * peak), MARGIN + index * step
        middle = top + WAVE / 2
        board.box(left + 0.5, middle - half, left + step - 0.5, middle + half, COLOURS[emotion] if emotion else FAINT)
    return top + WAVE


def _curves(board: _Board, kept: KeptVoice, *, top: float) -> float:
    board.box(MARGIN, top, WIDTH - MARGIN, top + CURVES, TRACK, 12)
    for label, floor, ceiling in stacked(kept.passed.analysis):
        x = np.linspace(MARGIN, WIDTH - MARGIN, len(floor))
        points = np.concatenate([np.stack([x, ceiling], 1), np.stack([x, floor], 1)[::-1]])
        board.area([(x, top + CURVES * (1 - height)) for x, height in points.tolist()], COLOURS[label])
    return top + CURVES


def _clock(board: _Board, duration: float, *, top: float) -> None:
    for second in ticks(duration):
        board.text(MARGIN + (WIDTH - 2 * MARGIN) * second / duration, top, clock(second), 22, FAINT)


def _legend(board: _Board, segments: list[dict[str, Any]], *, top: float) -> None:
    """Each emotion's share of the voice, as many as a line takes."""
    for column, (emotion, share) in enumerate(shares(segments)[:5]):
        left = MARGIN + column * (WIDTH - 2 * MARGIN) / 5
        board.box(left, top + 4, left + 20, top + 24, COLOURS[emotion], 5)
        board.text(left + 32, top, f"{name_of(emotion, EN)} {share:.0%}", 24)
