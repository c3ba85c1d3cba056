"""Recording → emotion: the model pass, and the files made of its answer. No components."""

import csv
import io
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import preload
from models.finish.emotion_report import Analysis, Granularity, report
from models.media import audio
from models.runtime.resident import Answer
from models.timeline import FRAMES_PER_SECOND
from ui.state.files import publish
from ui.state.validation import choice

GRANULARITIES = ("utterance", "frame")
PEAKS = 240  # bars of the waveform on the page


@dataclass(frozen=True)
class Kept:
    """A model pass: the analysis, the waveform's loudest samples in PEAKS equal spans, the published 16 kHz WAV that
    the model heard, seconds to decode the file, what the run took."""

    analysis: Analysis
    peaks: np.ndarray
    wav: str
    decode: float
    run: Answer[None]


def granularity_of(value: object) -> Granularity:
    return choice("granularity", value, GRANULARITIES)  # type: ignore[return-value]


def hear(file: Path, *, visitor: str) -> Kept:
    """The model pass over a sound file, and what the page shows of it."""
    started = time.perf_counter()
    waveform = audio.decode(file)
    decode = time.perf_counter() - started
    answer = analyze(waveform, visitor=visitor)
    wav = publish(audio.encode_wav(waveform), "voice-16khz.wav")
    return Kept(answer.value, peaks(waveform), wav, decode, replace(answer, value=None))  # type: ignore[arg-type]


def analyze(waveform: np.ndarray, *, visitor: str) -> Answer[Analysis]:
    return preload.emotion.run(lambda pipeline: pipeline.analyze([waveform])[0], visitor=visitor)


def peaks(waveform: np.ndarray) -> np.ndarray:
    """[PEAKS] in 0..1, the loudest being 1."""
    loudest = np.array([np.abs(span).max(initial=0) for span in np.array_split(waveform, PEAKS)])
    return loudest / max(float(loudest.max()), 1e-6)


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


def embedding_npy(analysis: Analysis, granularity: Granularity) -> bytes:
    """The embedding [D] float32, or [T,D] by frame where the frame features were kept."""
    features = analysis.frame_features if granularity == "frame" else None
    file = io.BytesIO()
    np.save(file, analysis.embedding if features is None else features)
    return file.getvalue()


def short_report(kept: Kept, granularity: Granularity) -> dict[str, Any]:
    """What the page shows as JSON: everything but the long lists."""
    result = report(kept.analysis, granularity="utterance", embedding=False)
    return {**result, "granularity": granularity}
