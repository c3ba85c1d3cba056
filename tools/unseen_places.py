"""What is behind the people of `unseen_people.py`."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import cv2
import numpy as np


def wheel(rng: np.random.Generator, value: tuple[float, float] = (0.1, 1.0), vivid: float = 1.0) -> np.ndarray:
    return 255 * np.array(
        colorsys.hsv_to_rgb(rng.random(), vivid * rng.random() ** 1.5, rng.uniform(*value)), np.float32
    )


def fade(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    turn, one, two = rng.uniform(0, 6.3), wheel(rng), wheel(rng)
    return (
        one + (two - one) * np.clip(0.5 + 0.7 * ((x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn)), 0, 1)[..., None]
    )


def plasma(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    waves = sum(np.sin(rng.uniform(-14, 14) * x + rng.uniform(-14, 14) * y + rng.uniform(0, 6)) for _ in range(5))
    one, two = wheel(rng), wheel(rng)
    return one + (two - one) * (0.5 + 0.2 * waves)[..., None].clip(0, 1)


def mosaic(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The nearest of some points gives the colour: stones, roofs, crowns of trees."""
    points, base = rng.random((int(rng.integers(8, 60)), 2)), wheel(rng)
    nearest = np.argmin([(x - px) ** 2 + (y - py) ** 2 for px, py in points], 0)
    return (base * rng.uniform(0.4, 1.3, (len(points), 1)) + rng.normal(0, 12, (len(points), 3)))[nearest]


def lights(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Discs out of focus."""
    rgb = fade(rng, x, y) * 0.5
    for _ in range(int(rng.integers(5, 30))):
        px, py, size = *rng.random(2), rng.uniform(0.02, 0.1)
        rgb = rgb + rng.uniform(0.2, 0.7) * (np.hypot(x - px, y - py) < size)[..., None] * wheel(rng, (0.4, 1))
    return rgb


def street(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Houses with windows before a sky, and a road."""
    rgb = fade(rng, x, y)
    for left in np.cumsum(rng.uniform(0.08, 0.3, 12)) - 0.1:
        roof, wide, body = rng.uniform(0.05, 0.5), rng.uniform(0.1, 0.25), wheel(rng, (0.2, 0.9), 0.5)
        house = (x > left) & (x < left + wide) & (y > roof)
        panes = (np.sin((x - left) * rng.uniform(60, 140)) > 0.2) & (np.sin(y * rng.uniform(50, 110)) > 0.2)
        rgb = np.where((house & panes)[..., None], body * 0.5, np.where(house[..., None], body, rgb))
    return np.where((y > rng.uniform(0.7, 0.9))[..., None], wheel(rng, (0.2, 0.7), 0.3), rgb)


BEHIND: tuple[Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray], ...] = (
    fade,
    plasma,
    mosaic,
    lights,
    street,
)


def ground(rng: np.random.Generator, height: int, width: int, *, dark: bool) -> np.ndarray:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    rgb = BEHIND[rng.integers(len(BEHIND))](rng, x / height, y / height).astype(np.float32).clip(0, 255)
    rgb = cv2.GaussianBlur(rgb, (0, 0), height * rng.choice([0.002, 0.01, 0.025]))
    return rgb * np.float32(rng.uniform(0.04, 0.16)) + rng.uniform(2, 14) if dark else rgb
