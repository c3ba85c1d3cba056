"""A drawing board for people and things that keeps where they are: shaded polygons on a canvas with an alpha.

Lengths are in heads (the height of a head); the origin is the pit of the neck, y points down.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from tools.drawn_scenes import noise, pattern

Point = tuple[float, float]
TURN = np.linspace(0, 2 * np.pi, 24, endpoint=False)


@dataclass
class Figure:
    """A square canvas of one person: premultiplied colour [side,side,3] and alpha [side,side].

    `at` is the pit of the neck and `head` the height of a head in pixels, `stretch` a pixel's width over its height.
    """

    rng: np.random.Generator
    side: int
    at: Point
    head: float
    stretch: float = 1.0
    paint: np.ndarray = field(init=False)
    alpha: np.ndarray = field(init=False)
    light: Point = field(init=False)
    folds: np.ndarray = field(init=False)
    round: int = field(init=False)

    def __post_init__(self) -> None:
        self.paint = np.zeros((self.side, self.side, 3), np.float32)
        self.alpha = np.zeros((self.side, self.side), np.float32)
        self.light = (float(self.rng.normal(0, 1)), float(self.rng.uniform(-1, 0.3)))
        self.folds = noise(self.rng, self.side, self.side, max(4, int(0.5 * self.head))) - 0.5
        self.round = 3 + int(0.15 * self.head) // 2 * 2

    def part(self, outlines: list[np.ndarray], colour: np.ndarray, *, soft: float = 0.0, strength: float = 1.0) -> None:
        """Paint the union of polygons [n,2] in a colour [3] or a picture [side,side,3], shaded as if it were round."""
        places = [np.asarray(self.at) + points * self.head * np.array([self.stretch, 1.0]) for points in outlines]
        rim = 2 + int(3 * soft * self.head)
        corners = np.concatenate(places)
        x, y = np.clip(corners.min(0) - rim, 0, self.side).astype(int)
        right, below = np.clip(corners.max(0) + rim + 1, 0, self.side).astype(int)
        if right <= x or below <= y:
            return
        mask = np.zeros((below - y, right - x), np.uint8)
        for points in places:
            cv2.fillPoly(mask, [np.round((points - (x, y)) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        share = mask * np.float32(strength / 255)
        if soft * self.head > 0.3:
            share = cv2.GaussianBlur(share, (0, 0), soft * self.head)
        here = np.s_[y:below, x:right]
        shown = np.asarray(colour, np.float32)
        shown = shown[here] if shown.ndim == 3 else shown
        self.paint[here] += share[..., None] * (shown * self.shade(share, here)[..., None] - self.paint[here])
        self.alpha[here] += share * (1 - self.alpha[here])

    def shade(self, share: np.ndarray, here: tuple[slice, slice]) -> np.ndarray:
        """Light from one side on a surface that is as high as the blurred mask, and folds."""
        high = cv2.blur(share, (self.round, self.round))
        slope = self.light[0] * cv2.Sobel(high, -1, 1, 0) + self.light[1] * cv2.Sobel(high, -1, 0, 1)
        return 1 + 0.2 * slope + self.rng.uniform(0, 0.7) * self.folds[here]

    def disc(self, x: float, y: float, rx: float, ry: float, colour: np.ndarray, **how: float) -> None:
        self.part([oval(x, y, rx, ry)], colour, **how)


def oval(x: float, y: float, rx: float, ry: float, tilt: float = 0.0, power: float = 1.0) -> np.ndarray:
    turn = TURN
    u = rx * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    v = ry * np.sin(turn)
    return np.stack([x + u * np.cos(tilt) - v * np.sin(tilt), y + u * np.sin(tilt) + v * np.cos(tilt)], 1)


def limb(start: Point, end: Point, first: float, last: float) -> list[np.ndarray]:
    """A tapered tube with round ends."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / (np.linalg.norm(b - a) + 1e-6)
    across = np.array([-along[1], along[0]])
    tube = np.stack([a + across * first, b + across * last, b - across * last, a - across * first])
    return [tube, oval(*a, first, first), oval(*b, last, last)]


def toward(start: Point, degrees: float, length: float) -> Point:
    """0 is straight down, positive to the right."""
    turn = np.radians(degrees)
    return float(start[0] + length * np.sin(turn)), float(start[1] + length * np.cos(turn))


def cloth(rng: np.random.Generator, side: int) -> np.ndarray:
    """float32 [side,side,3]: plain, striped, checked, dotted, printed."""
    base, other = rng.uniform(0, 255, (2, 3))
    dull = rng.uniform(0, 1)
    base, other = (each + dull * (each.mean() - each) for each in (base, other))
    if rng.random() < 0.3:
        base = base * rng.uniform(0.05, 0.4)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    kind, period = rng.random(), rng.uniform(4, 24)
    if kind < 0.55:
        share = np.zeros((side, side), np.float32)
    elif kind < 0.75:
        turn = rng.uniform(0, np.pi)
        share = (np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period) > rng.uniform(-0.6, 0.8)) * 1.0
    elif kind < 0.83:
        share = (np.sin(x * 2 * np.pi / period) > 0) * 0.5 + (np.sin(y * 2 * np.pi / period) > 0) * 0.5
    elif kind < 0.9:
        share = (np.sin(x * 2 * np.pi / period) * np.sin(y * 2 * np.pi / period) > 0.4) * 1.0
    else:
        return pattern(rng, side, side)
    return (base + (other - base) * share[..., None]).astype(np.float32)
