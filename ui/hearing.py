"""Recording → emotion: the model pass, and the files made of its answer. No components."""

import csv
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import preload
from models import audio
from models.emotion import Analysis, Granularity, report
from models.resident import Answer
from models.timeline import FRAMES_PER_SECOND
from ui.fields import choice
from ui.files import publish

GRANULARITIES = ("utterance", "frame")
PEAKS = 240  # bars of the waveform on the page


@dataclass(frozen=True)
class Kept:
    """A model pass: the analysis, the waveform's loudest samples in PEAKS equal spans, what the run took."""

    analysis: Analysis
    peaks: np.ndarray
    run: Answer[None]


def granularity_of(value: object) -> Granularity:
    return choice("granularity", value, GRANULARITIES)  # type: ignore[return-value]


def hear(file: Path, *, visitor: str) -> Kept:
    """The model pass over a sound file."""
    waveform = audio.decode(file)
    answer = preload.emotion.run(lambda pipeline: pipeline.analyze([waveform])[0], visitor=visitor)
    return Kept(answer.value, peaks(waveform), replace(answer, value=None))  # type: ignore[arg-type]


def peaks(waveform: np.ndarray) -> np.ndarray:
    """[PEAKS] in 0..1, the loudest being 1."""
    loudest = np.array([np.abs(span).max(initial=0) for span in np.array_split(waveform, PEAKS)])
    return loudest / max(float(loudest.max()), 1e-6)


@dataclass(frozen=True)
class Files:
    """Published paths; `npy` only where the embedding was asked for."""

    json: str
    csv: str
    npy: str | None


def result_files(kept: Kept, *, granularity: Granularity, embedding: bool) -> Files:
    """result.json, scores.csv (one row, or one per frame) and embedding.npy."""
    table = scores_csv(kept.analysis, granularity)
    return Files(
        publish(report_of(kept, granularity, embedding=embedding), "result.json"),
        publish(table.encode(), "scores.csv"),
        publish(_npy(kept.analysis, granularity), "embedding.npy") if embedding else None,
    )


def report_of(kept: Kept, granularity: Granularity, *, embedding: bool) -> bytes:
    """The whole result as JSON."""
    result = report(kept.analysis, granularity=granularity, embedding=embedding)
    return json.dumps(result, ensure_ascii=False, indent=None if granularity == "frame" else 2).encode()


def scores_csv(analysis: Analysis, granularity: Granularity) -> str:
    """Start second, then a column of scores for each label."""
    rows = analysis.frame_scores if granularity == "frame" else analysis.scores[None]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["seconds", *analysis.labels])
    for frame, scores in enumerate(rows.tolist()):
        writer.writerow([frame / FRAMES_PER_SECOND, *(round(score, 4) for score in scores)])
    return text.getvalue()


def _npy(analysis: Analysis, granularity: Granularity) -> bytes:
    features = analysis.frame_features if granularity == "frame" else None
    file = io.BytesIO()
    np.save(file, analysis.embedding if features is None else features)
    return file.getvalue()


def short_report(kept: Kept, granularity: Granularity) -> dict[str, Any]:
    """What the page shows as JSON: everything but the long lists."""
    result = report(kept.analysis, granularity="utterance", embedding=False)
    return {**result, "granularity": granularity}
