"""The free photographs that help to train the sample face detector: two portraits and scikit-learn's two landscapes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from sklearn.datasets import load_sample_images

from tools.sketch import CANVAS, CENTRE, FACE

DATA = Path(__file__).parents[2] / "shared" / "data"
FACES = {  # middle x, middle y, width of the face box in pixels
    "portrait-1.png": (588.0, 172.0, 222.0),  # menyifang/DCT-Net, Apache-2.0
    "portrait-2.jpg": (221.5, 184.0, 55.0),  # danielgatis/rembg, MIT
}


def read(name: str) -> np.ndarray:
    """uint8 RGB of a file in DATA."""
    bgr = cv2.imread(str(DATA / name))
    if bgr is None:
        raise FileNotFoundError(f"{DATA / name}: the detector is trained with this picture; put it there")
    return np.ascontiguousarray(bgr[..., ::-1])


def aligned_faces() -> list[np.ndarray]:
    """The portraits' faces, placed on the canvas like drawn ones: uint8 RGB [128,128,3]."""
    aligned = []
    for name, (x, y, width) in FACES.items():
        scale, rgb = FACE / width, read(name)
        rgb = cv2.GaussianBlur(rgb, (0, 0), 0.4 / scale) if scale < 1 else rgb
        m = np.array([[scale, 0, CENTRE - x * scale], [0, scale, CENTRE - y * scale]])
        aligned.append(cv2.warpAffine(rgb, m, (CANVAS, CANVAS), borderMode=cv2.BORDER_REPLICATE))
    return aligned


def faceless() -> list[np.ndarray]:
    """Photographs without a face: two landscapes, their parts, and the portraits with the face taken out."""
    views = [np.ascontiguousarray(rgb) for rgb in load_sample_images().images]
    for name, (x, y, width) in FACES.items():
        rgb = read(name)
        views.append(blank(rgb, (round(x), round(y)), width))
        views.append(np.ascontiguousarray(rgb[round(y + width) :]))
    parts = [rgb[: rgb.shape[0] // 2 + 1] for rgb in views] + [rgb[:, rgb.shape[1] // 2 :] for rgb in views]
    return views + [np.ascontiguousarray(part) for part in parts]


def blank(rgb: np.ndarray, middle: tuple[int, int], width: float) -> np.ndarray:
    """The picture with an even patch of skin where the face is."""
    face = np.zeros(rgb.shape[:2], np.uint8)
    cv2.ellipse(face, middle, (round(width * 0.48), round(width * 0.62)), 0, 0, 360, 255, -1)
    alpha = cv2.GaussianBlur(face, (0, 0), width * 0.03)[..., None] / 255
    return (rgb + alpha * (np.median(rgb[face > 0], 0) - rgb)).astype(np.uint8)


def cutting(rng: np.random.Generator, views: list[np.ndarray]) -> np.ndarray:
    """A square piece of one of the views: uint8 [128,128,3]."""
    rgb = views[rng.integers(len(views))]
    side = int(rng.integers(50, min(rgb.shape[:2]) - 1))
    y, x = rng.integers(rgb.shape[0] - side), rng.integers(rgb.shape[1] - side)
    return cv2.resize(rgb[y : y + side, x : x + side], (CANVAS, CANVAS), interpolation=cv2.INTER_AREA)
