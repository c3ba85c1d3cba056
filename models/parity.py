"""How far an engine's answers are from the stock pipeline's, on the same weights: `preload.py --verify` and the tests.

Images are compared in grey levels, scores as probabilities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models.catalog import Family
from models.engines import Compute, Precision, pipeline_class

# The largest mean and, in f32, the largest single difference that count as the same answer.
IMAGE_MEAN: dict[Precision, float] = {"f32": 0.05, "f16": 0.1, "bf16": 0.5}
IMAGE_MAX: dict[Precision, float] = {"f32": 2.0, "f16": 3.0, "bf16": 8.0}
SCORE_MAX: dict[Precision, float] = {"f32": 1e-4, "f16": 0.002, "bf16": 0.005, "int8": 0.01}


@dataclass(frozen=True)
class Difference:
    """One comparison: the largest and the mean absolute difference, and what was allowed."""

    what: str
    largest: float
    mean: float
    largest_allowed: float
    mean_allowed: float

    @property
    def within(self) -> bool:
        return self.largest <= self.largest_allowed and self.mean <= self.mean_allowed

    def __str__(self) -> str:
        verdict = "ok" if self.within else "OFF"
        return f"{self.what:<28} largest {self.largest:.6f}  mean {self.mean:.6f}  {verdict}"


def of_images(what: str, ours: np.ndarray, stock: np.ndarray, precision: Precision) -> Difference:
    """Two images of one shape on 0..255."""
    apart = np.abs(ours.astype(np.float32) - stock.astype(np.float32))
    return Difference(what, float(apart.max()), float(apart.mean()), IMAGE_MAX[precision], IMAGE_MEAN[precision])


def of_scores(what: str, ours: np.ndarray, stock: np.ndarray, precision: Precision) -> Difference:
    """Two score vectors; another top label counts as a difference of 1."""
    apart = np.abs(ours - stock)
    largest = float(apart.max()) if ours.argmax() == stock.argmax() else 1.0
    return Difference(what, largest, float(apart.mean()), SCORE_MAX[precision], SCORE_MAX[precision])


def compare(task: Family, folder: Path, *, compute: Compute) -> list[Difference]:
    """The engine and device of `compute` against the stock pipeline on a few inputs made here."""
    ours = pipeline_class(compute.engine, task)(folder, compute=compute)
    stock = pipeline_class("reference", task)(folder, compute=compute)
    return COMPARISONS[task](ours, stock, compute.precision)


def _cartoon(ours, stock, precision: Precision) -> list[Difference]:  # type: ignore[no-untyped-def]
    from models.cartoon import probe_picture

    pictures = {"cartoon 640x480": probe_picture(), "cartoon 333x517": cv2.resize(probe_picture(), (333, 517))}
    return [
        of_images(what, ours.stylize([rgb])[0].image, stock.stylize([rgb])[0].image, precision)
        for what, rgb in pictures.items()
    ]


def _matting(ours, stock, precision: Precision) -> list[Difference]:  # type: ignore[no-untyped-def]
    from models.matting import probe_picture

    pictures = {"matting 512x512": probe_picture(), "matting 401x633": cv2.resize(probe_picture(), (401, 633))}
    return [
        of_images(what, ours.matte([rgb])[0] * 255, stock.matte([rgb])[0] * 255, precision)
        for what, rgb in pictures.items()
    ]


def _emotion(ours, stock, precision: Precision) -> list[Difference]:  # type: ignore[no-untyped-def]
    from models.emotion import PROBE_SECONDS, probe_clip

    clip = probe_clip(PROBE_SECONDS)
    return [of_scores("emotion 4 s", ours.analyze([clip])[0].scores, stock.analyze([clip])[0].scores, precision)]


COMPARISONS: dict[Family, Callable[..., list[Difference]]] = {
    "cartoon": _cartoon,
    "matting": _matting,
    "emotion": _emotion,
}
