"""Pictures and clips of any size, the same at every run, and how a pipeline is asked about one."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from models.cartoon import probe_picture
from models.emotion import probe_clip

MARK = (255, 0, 255)  # where the stand-in's detector sees a face; see benchmarks/standins.py
CELLS = 8
PLACES = {0: (), 1: ((3, 4),), 3: ((3, 1), (4, 4), (3, 6))}  # cells (row, column) of so many faces


def picture(side: int, faces: int = 0, *, seed: int = 0) -> np.ndarray:
    """A drawn scene with grain, RGB uint8 [side,side,3], in which the stand-in's detector finds `faces` faces."""
    scene = cv2.resize(probe_picture(), (side, side), interpolation=cv2.INTER_LINEAR)
    grain = np.random.default_rng(seed).integers(0, 24, scene.shape, dtype=np.uint8)
    scene = cv2.add(scene, grain)
    for row, column in PLACES[faces]:
        scene[edge(row, side) : edge(row + 1, side), edge(column, side) : edge(column + 1, side)] = MARK
    return scene


def edge(cell: int, side: int) -> int:
    return cell * side // CELLS


def clip(seconds: float, *, seed: int = 0) -> np.ndarray:
    """A gliding buzz with a little noise: float32 mono 16 kHz."""
    tone = probe_clip(seconds)
    noise = np.random.default_rng(seed).normal(0, 0.005, len(tone))
    return (tone + noise).astype(np.float32)


def ask(pipeline: Any, task: str) -> Callable[[np.ndarray], Any]:
    """One answer as an array: the picture, the matte on 0..255, the scores."""
    return {
        "cartoon": lambda rgb: pipeline.stylize([rgb])[0].image,
        "matting": lambda rgb: pipeline.matte([rgb])[0] * 255,
        "emotion": lambda waveform: pipeline.analyze([waveform])[0].scores,
    }[task]
