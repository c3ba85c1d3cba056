"""What goes behind a cut-out: a colour, two colours that run into each other, or a picture."""

import re
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

Colour = tuple[int, int, int]
Direction = Literal["down", "right", "diagonal", "radial"]


@dataclass(frozen=True)
class Gradient:
    """`first` runs into `last`: downwards, to the right, to the lower right corner, or from the middle outwards."""

    first: Colour
    last: Colour
    direction: Direction = "down"


GRADIENT_SIDE = 512
HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")

Background = Colour | Gradient | np.ndarray


def hex_colour(text: str) -> Colour | None:
    """The colour that `#rrggbb` says; None for any other text."""
    match = HEX.fullmatch(text)
    return (int(match[1], 16), int(match[2], 16), int(match[3], 16)) if match else None


def paint(background: Background, shape: tuple[int, ...]) -> np.ndarray:
    """RGB uint8 [H,W,3] that fills `shape` (H, W)."""
    if isinstance(background, np.ndarray):
        return cover(background, shape)
    if isinstance(background, Gradient):
        return _run(background, shape)
    return np.full((*shape[:2], 3), background, np.uint8)


def cover(image: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """`image` scaled and cut at its middle so that it fills `shape` (H, W) without distortion."""
    height, width = shape[:2]
    scale = max(height / image.shape[0], width / image.shape[1])
    grown = (max(width, round(image.shape[1] * scale)), max(height, round(image.shape[0] * scale)))
    resized = cv2.resize(image, grown, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    top, left = (resized.shape[0] - height) // 2, (resized.shape[1] - width) // 2
    return np.ascontiguousarray(resized[top : top + height, left : left + width])


def _run(gradient: Gradient, shape: tuple[int, ...]) -> np.ndarray:
    """Painted small and enlarged: at 50 megapixels the floats of every pixel would take a gigabyte."""
    height, width = shape[:2]
    way = _progress(gradient.direction, min(height, GRADIENT_SIDE), min(width, GRADIENT_SIDE))[..., None]
    first, last = np.array(gradient.first, np.float32), np.array(gradient.last, np.float32)
    painted = np.rint(first + way * (last - first)).astype(np.uint8)
    return cv2.resize(painted, (width, height), interpolation=cv2.INTER_LINEAR)


def _progress(direction: Direction, height: int, width: int) -> np.ndarray:
    """How far the gradient has run, float32 [H,W]: 0 at its first colour, 1 at its last."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / max(1, height - 1), x / max(1, width - 1)
    ways: dict[Direction, np.ndarray] = {
        "down": y,
        "right": x,
        "diagonal": (x + y) / 2,
        "radial": np.hypot(2 * y - 1, 2 * x - 1) / np.sqrt(2),
    }
    return ways[direction]
