"""What was heard, as plain data for JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np

from models import timeline
from models.timeline import FRAMES_PER_SECOND

Granularity = Literal["utterance", "frame"]
# Nine equal scores are 0.11 each: below a third the others together are twice as likely as the strongest.
CLEAR_SCORE = 1 / 3
# Nearer than a tenth, two bars look alike, and which one is longer says nothing.
CLEAR_LEAD = 0.1
NAMED = 3  # of those that are close


@dataclass(frozen=True)
class Analysis:
    """One clip, heard: T frames, L labels, D features.

    scores [L] and frame_scores [T,L] are probabilities; embedding [D] is the mean of the frame features, which are
    kept as frame_features [T,D] up to FRAME_FEATURES_SECONDS. voiced [T] tells frames with sound; duration in seconds.
    """

    scores: np.ndarray
    frame_scores: np.ndarray
    embedding: np.ndarray
    frame_features: np.ndarray | None
    voiced: np.ndarray
    duration: float
    heard_at: datetime
    labels: tuple[str, ...]
    labels_zh: tuple[str, ...]

    @property
    def emotion(self) -> str | None:
        """The strongest emotion; None when no voice was heard."""
        return self.labels[int(self.scores.argmax())] if self.voiced.any() else None


def report(analysis: Analysis, *, granularity: Granularity, embedding: bool) -> dict[str, Any]:
    """The result as plain data for JSON; times in seconds, `emotion` None where no voice was heard.

    `frames` holds every score over time, at FRAMES_PER_SECOND (granularity `frame`), else None. The embedding is
    [D], or [T,D] by frame where the frame features were kept.
    """
    heard = analysis.emotion
    result = {
        "emotion": heard,
        "confidence": round(float(analysis.scores.max()), 4) if heard else None,
        "scores": _by_label(analysis, analysis.scores),
        "granularity": granularity,
        "timestamp": analysis.heard_at.isoformat(timespec="seconds"),
        "frames": None,
        "segments": [
            _segment(analysis, segment) for segment in timeline.segments(analysis.frame_scores, analysis.voiced)
        ],
        "duration": round(analysis.duration, 3),
        "labels": [{"zh": zh, "en": en} for zh, en in zip(analysis.labels_zh, analysis.labels, strict=True)],
    }
    if granularity == "frame":
        result["frames"] = {"per_second": FRAMES_PER_SECOND, "scores": _by_label(analysis, analysis.frame_scores.T)}
    if embedding:
        by_frame = analysis.frame_features if granularity == "frame" else None
        result["embedding"] = (analysis.embedding if by_frame is None else by_frame).tolist()
    return result


@dataclass(frozen=True)
class Verdict:
    """What may be said of a whole recording: its strongest emotion with its score; whether that is `clear`; those that
    are `close` to it, itself first; which other emotion most of the voice has `by_parts`, None where it is the same."""

    emotion: str
    score: float
    clear: bool
    close: tuple[str, ...]
    by_parts: str | None


def verdict(result: dict[str, Any]) -> Verdict | None:
    """The verdict on a report; None where no voice was heard. An emotion is clear that is strong, ahead of all others,
    and that of a segment at least."""
    strongest, scores = result["emotion"], result["scores"]
    if strongest is None:
        return None
    score = scores[strongest]
    ranked = sorted((name for name in scores if name != strongest), key=lambda name: -scores[name])
    close = [strongest, *(name for name in ranked if score - scores[name] < CLEAR_LEAD)]
    parts = [emotion for emotion, _ in shares(result["segments"])]
    clear = score >= CLEAR_SCORE and len(close) == 1 and strongest in parts
    other = parts[0] if parts and parts[0] != strongest else None
    return Verdict(strongest, score, clear, tuple(close[:NAMED]), other)


def shares(segments: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Each emotion's part of the time with voice, 0..1, the largest first."""
    seconds: dict[str, float] = {}
    for segment in segments:
        if segment["voiced"]:
            seconds[segment["emotion"]] = seconds.get(segment["emotion"], 0) + segment["end"] - segment["start"]
    total = sum(seconds.values())
    return sorted(((emotion, part / total) for emotion, part in seconds.items()), key=lambda pair: -pair[1])


def _by_label(analysis: Analysis, scores: np.ndarray) -> dict[str, Any]:
    rounded = scores.astype(np.float64).round(4).tolist()
    return dict(zip(analysis.labels, rounded, strict=True))


def _segment(analysis: Analysis, segment: timeline.Segment) -> dict[str, Any]:
    return {
        "start": segment.first / FRAMES_PER_SECOND,
        "end": segment.last / FRAMES_PER_SECOND,
        "emotion": None if segment.label is None else analysis.labels[segment.label],
        "confidence": round(segment.confidence, 4),
        "voiced": segment.label is not None,
    }


def scores_csv(analysis: Analysis, granularity: Granularity) -> str:
    """Start second, then a column of scores for each label."""
    rows = analysis.frame_scores if granularity == "frame" else analysis.scores[None]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["seconds", *analysis.labels])
    for frame, scores in enumerate(rows.tolist()):
        writer.writerow([frame / FRAMES_PER_SECOND, *(round(score, 4) for score in scores)])
    return text.getvalue()


def embedding_npy(analysis: Analysis, granularity: Granularity) -> bytes:
    """The embedding [D] float32, or [T,D] by frame where the frame features were kept."""
    features = analysis.frame_features if granularity == "frame" else None
    file = io.BytesIO()
    np.save(file, analysis.embedding if features is None else features)
    return file.getvalue()
