"""A file of ONNX, run by onnxruntime, against our engine in f32: at three sizes or lengths."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.agreement import LEVELS, LEVELS_MEAN, SCORES
from models.emotion import softmax
from models.engines import Precision
from models.exports.parts import Arrays, Kind, Part
from models.parity import Difference

SHARES = 1e-5
FEATURES = {"f32": 1e-4, "f16": 0.02}  # of the largest


def compare(path: Path, part: Part, exact: Sequence[Arrays], *, precision: Precision, threads: int) -> list[Difference]:
    """One row for each output, of the largest difference over all probes; `exact` are our engine's answers to them."""
    ours = answers(path, part.probes(), threads=threads)
    return [
        _difference(name, [(a[name], b[name]) for a, b in zip(ours, exact, strict=True)], kind, precision)
        for name, kind in ((name, value.kind) for name, value in part.outputs.items())
    ]


def answers(path: Path, probes: Sequence[Arrays], *, threads: int) -> list[Arrays]:
    """What onnxruntime makes of each probe on the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_outputs()]
    return [dict(zip(names, session.run(None, dict(probe)), strict=True)) for probe in probes]


def _difference(
    what: str, pairs: Sequence[tuple[np.ndarray, np.ndarray]], kind: Kind, precision: Precision
) -> Difference:
    allowed = {
        "levels": (LEVELS[precision], LEVELS_MEAN[precision]),
        "shares": (SHARES, SHARES),
        "logits": (SCORES[precision],) * 2,
        "features": (FEATURES[precision],) * 2,
        "count": (0.0, 0.0),
    }[kind]
    apart = [_apart(ours, exact, kind) for ours, exact in pairs]
    return Difference(what, max(a.max() for a in apart), float(np.mean([a.mean() for a in apart])), *allowed)


def _apart(ours: np.ndarray, exact: np.ndarray, kind: Kind) -> np.ndarray:
    """Endless where the shapes or types differ, or a number is none."""
    if ours.shape != exact.shape or ours.dtype != exact.dtype:
        return np.array([np.inf])
    if kind == "logits":
        ours, exact = (softmax(each.mean(axis=1, dtype=np.float64)) for each in (ours, exact))
    apart = np.abs(ours.astype(np.float64) - exact) / (np.abs(exact).max() if kind == "features" else 1)
    return np.nan_to_num(apart, nan=np.inf)
