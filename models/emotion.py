"""Hears the emotion in a voice with Emotion2Vec: utterance scores, real scores of every frame, embedding.

Waveforms are float32 mono 16 kHz in ±1, without NaN. The scores of a clip up to WINDOW_SECONDS are those of FunASR's
`Emotion2vec.inference`; longer clips are heard in windows, so that memory does not grow with the square of the length.
"""

from __future__ import annotations

import gc
import json
import math
import warnings
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from models import timeline
from models.engines import Compute, Precision, Session, open_session
from models.errors import BadAudio
from models.finish.emotion_report import Analysis
from models.timeline import FRAMES_PER_SECOND
from models.weights import artifact_cache

SAMPLE_RATE = 16_000
HOP = SAMPLE_RATE // FRAMES_PER_SECOND
LABELS = ("angry", "disgusted", "fearful", "happy", "neutral", "other", "sad", "surprised", "unknown")
MIN_SECONDS = 0.3
WINDOW_SECONDS = 20
TOGETHER_SECONDS = 80  # of sound that a GPU hears at once; in f32 it takes 1.6 GB, a window alone 1.2
# 1024 float32 per frame are 12 MB a minute; past this only their mean is kept.
FRAME_FEATURES_SECONDS = 60
NORM_EPS = 1e-5
VARIANCE_SAMPLES = 2**20
PROBE_SECONDS = 4.0
WARM_SECONDS = 0.5
CONVERSION = 2  # part of the name of what is kept on the disk: raise it when emotion2vec.py writes another network


@dataclass(frozen=True)
class Meta:
    """What the network file does not say of itself: how to feed it, and its labels; unused tokens are left out."""

    normalize: bool
    field: int
    columns: tuple[int, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]


class Emotion:
    """Emotion2Vec from FunASR's folder, converted once into the artifacts of `compute`."""

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        opened = _in_torch if compute.engine == "torch" else _converted
        self.meta, self._session = opened(folder, compute)
        self._in_turns, self._in_groups = compute.in_turns, compute.in_groups

    def analyze(self, waveforms: list[np.ndarray]) -> list[Analysis]:
        """Hear each clip, in order. BadAudio for one shorter than MIN_SECONDS."""
        return [self._analyze(waveform) for waveform in self._in_turns(waveforms)]

    def warm_up(self) -> dict[str, np.ndarray]:
        """Runs a clip; the answer, for the known-answer check.

        One network hears clips of every length, and what the first pass prepares serves all: after a short clip the
        first one of the longest window takes no longer than the second (benchmarks/README.md).
        """
        return {"scores": self.analyze([probe_clip(WARM_SECONDS)])[0].scores}

    def _analyze(self, waveform: np.ndarray) -> Analysis:
        return self._postprocess(waveform, *self._forward(waveform, *self._scale(waveform)))

    def _scale(self, waveform: np.ndarray) -> tuple[np.float64, np.float64]:
        """What brings the whole clip, whatever its length, to zero mean and unit variance, as the model was trained."""
        if len(waveform) < MIN_SECONDS * SAMPLE_RATE:
            seconds = round(len(waveform) / SAMPLE_RATE, 2)
            message = f"The recording lasts {seconds} s; at least {MIN_SECONDS} s are needed: record a longer one."
            raise BadAudio(message, reason="audio_too_short", seconds=seconds, limit=MIN_SECONDS)
        if not self.meta.normalize:
            return np.float64(0), np.float64(1)
        mean = waveform.mean(dtype=np.float64)
        # In parts: the squares of an hour would take 460 MB.
        parts = (waveform[at : at + VARIANCE_SAMPLES] - mean for at in range(0, len(waveform), VARIANCE_SAMPLES))
        variance = sum(float(np.square(part).sum()) for part in parts) / len(waveform)
        return mean, np.sqrt(np.float64(variance + NORM_EPS))

    def _forward(
        self, waveform: np.ndarray, mean: np.float64, scale: np.float64
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Frame logits [T,L], embedding [D], frame features [T,D] unless the clip is long."""
        frames = (len(waveform) - self.meta.field) // HOP + 1
        cut = windows(frames)
        samples = (cut[0][1] - 1) * HOP + self.meta.field
        logits, sums, features = [], [], []
        for group in self._in_groups(cut, self._session.together(samples)):
            clips = (waveform[None, first * HOP : first * HOP + samples] for first, _, _ in group)
            normalized = [{"waveform": ((clip - mean) / scale).astype(np.float32)} for clip in clips]
            for (_, _, repeated), made in zip(group, self._session.run_all(normalized), strict=True):
                heard = {name: array[0, repeated:] for name, array in made.items()}
                logits.append(heard["logits"][:, list(self.meta.columns)])
                sums.append(heard["features"].sum(axis=0, dtype=np.float64))
                if frames <= FRAME_FEATURES_SECONDS * FRAMES_PER_SECOND:
                    features.append(heard["features"])
        embedding = (np.sum(sums, axis=0) / frames).astype(np.float32)
        return np.concatenate(logits), embedding, np.concatenate(features) if features else None

    def _postprocess(
        self, waveform: np.ndarray, logits: np.ndarray, embedding: np.ndarray, features: np.ndarray | None
    ) -> Analysis:
        return Analysis(
            scores=softmax(logits.mean(axis=0, dtype=np.float64)),
            frame_scores=softmax(logits),
            embedding=embedding,
            frame_features=features,
            voiced=timeline.voiced_frames(waveform, hop=HOP, frames=len(logits)),
            duration=len(waveform) / SAMPLE_RATE,
            heard_at=datetime.now(UTC),
            labels=self.meta.en,
            labels_zh=self.meta.zh,
        )


def windows(frames: int) -> list[tuple[int, int, int]]:
    """(first frame, frames, how many of them the window before has already given) of equal windows over a clip.

    Equal, so that the network sees one shape; they overlap by a frame or two where the length does not divide.
    """
    count = math.ceil(frames / (WINDOW_SECONDS * FRAMES_PER_SECOND))
    size = math.ceil(frames / count)
    starts = [round(k * (frames - size) / max(count - 1, 1)) for k in range(count)]
    ends = [0, *(start + size for start in starts)]
    return [(start, size, end - start) for start, end in zip(starts, ends, strict=False)]


def _converted(folder: Path, compute: Compute) -> tuple[Meta, Session]:
    make = partial(convert, folder, precision=compute.precision)
    with artifact_cache.prepared(compute.artifacts / converted_name(compute.precision), make) as converted:
        session = open_session(converted / "emotion.xml", compute=compute)
        return _read_meta(converted / "emotion.json"), session


def _in_torch(folder: Path, compute: Compute) -> tuple[Meta, Session]:
    """The module itself, from FunASR's tensors."""
    from models.engines.torch.session import ModuleSession
    from models.networks import emotion2vec

    module = emotion2vec.load(folder, labels=len(_tokens(folder)))
    names, samples = {"inputs": ("waveform",), "outputs": ("features", "logits")}, TOGETHER_SECONDS * SAMPLE_RATE
    session = ModuleSession(module, **names, compute=compute, values=samples)
    return meta_of(folder), session


def _tokens(folder: Path) -> list[str]:
    return (folder / "tokens.txt").read_text(encoding="utf-8").splitlines()


def converted_name(precision: Precision) -> str:
    """The folder of the converted network among the artifacts."""
    return f"converted-{CONVERSION}-{precision}"


def convert(folder: Path, out: Path, *, precision: Precision) -> None:
    """Turn FunASR's `folder` into emotion.xml, emotion.bin (any length) and emotion.json in `out`; what the weights
    become says `emotion2vec.export`."""
    from models.networks import emotion2vec

    tokens = _tokens(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's, on constants that are meant as such
        emotion2vec.export(emotion2vec.load(folder, labels=len(tokens)), out / "emotion.xml", precision=precision)
    gc.collect()  # the tracer's objects hold each other, and with them all of model.pt
    (out / "emotion.json").write_text(json.dumps(asdict(meta_of(folder)), ensure_ascii=False), encoding="utf-8")


def meta_of(folder: Path) -> Meta:
    """What FunASR's `folder` says of feeding the network, and of its labels."""
    from models.networks import emotion2vec

    conf, tokens = emotion2vec.read_config(folder)["model_conf"], _tokens(folder)
    columns = tuple(index for index, token in enumerate(tokens) if not token.startswith("unuse"))
    pairs = [("未知", "unknown") if tokens[c] == "<unk>" else tokens[c].rsplit("/", 1) for c in columns]
    return Meta(
        normalize=bool(conf["normalize"]),
        field=emotion2vec.field(emotion2vec.convolutions(conf)),
        columns=columns,
        zh=tuple(pair[0] for pair in pairs),
        en=tuple(pair[-1] for pair in pairs),
    )


def _read_meta(path: Path) -> Meta:
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Meta(
        normalize=stored["normalize"],
        field=stored["field"],
        columns=tuple(stored["columns"]),
        zh=tuple(stored["zh"]),
        en=tuple(stored["en"]),
    )


def probe_clip(seconds: float) -> np.ndarray:
    """A buzz that glides and pulses like a voice: float32 mono 16 kHz."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(2 * np.pi * 0.7 * time)) / SAMPLE_RATE
    buzz = np.sum([np.sin(k * phase) / k for k in range(1, 12)], axis=0)
    return (0.15 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time))).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float32)
