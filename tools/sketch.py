"""A small drawing board: soft ellipses and polygons in the frame of a face, and a bad camera to look at it with."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

CANVAS = 128
FACE = 56.0  # width of the drawn face in canvas pixels
CENTRE = 64.0  # canvas position of the middle of the face box, both ways


@dataclass
class Sketch:
    """A square canvas with the frame of the face: unit = face width, origin = middle of the face box, y down.

    Sizes are told for a canvas of CANVAS pixels; a larger one holds the same picture, larger.
    """

    rgb: np.ndarray
    rng: np.random.Generator
    yaw: float = 0.0
    pitch: float = 0.0

    @property
    def scale(self) -> float:
        return len(self.rgb) / CANVAS

    def point(self, x: float, y: float, depth: float = 0.0) -> tuple[int, int]:
        """Canvas pixel, in 1/16, of a place on the face; `depth` moves with the turn of the head."""
        px = CENTRE + FACE * (x + self.yaw * depth)
        py = CENTRE + FACE * (y + self.pitch * depth)
        return round(px * self.scale * 16), round(py * self.scale * 16)

    def layer(self, alpha: np.ndarray, colour: np.ndarray) -> None:
        """Blend `colour` over the canvas where `alpha` (0..1) says so."""
        self.rgb += alpha[..., None] * (np.asarray(colour, np.float32) - self.rgb)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: np.ndarray,
        *,
        strength: float = 1.0,
        soft: float = 0.0,
        depth: float = 0.0,
        tilt: float = 0.0,
    ) -> None:
        alpha = np.zeros(self.rgb.shape[:2], np.uint8)
        axes = (max(round(rx * FACE * self.scale * 16), 6), max(round(ry * FACE * self.scale * 16), 6))
        cv2.ellipse(alpha, self.point(x, y, depth), axes, tilt, 0, 360, 255, -1, cv2.LINE_AA, 4)
        self.layer(self.soften(alpha, soft) * strength, colour)

    def polygon(
        self,
        points: list[tuple[float, float]],
        colour: np.ndarray,
        *,
        strength: float = 1.0,
        soft: float = 0.0,
        depth: float = 0.0,
    ) -> None:
        alpha = np.zeros(self.rgb.shape[:2], np.uint8)
        cv2.fillPoly(alpha, [np.array([self.point(x, y, depth) for x, y in points], np.int32)], 255, cv2.LINE_AA, 4)
        self.layer(self.soften(alpha, soft) * strength, colour)

    def soften(self, alpha: np.ndarray, soft: float) -> np.ndarray:
        """uint8 mask → float 0..1, its edge blurred by `soft` face widths."""
        mask = alpha.astype(np.float32) / 255
        return cv2.GaussianBlur(mask, (0, 0), soft * FACE * self.scale) if soft > 0 else mask


def pick(rng: np.random.Generator, palette: tuple, spread: float = 14) -> np.ndarray:
    """A colour near two of the palette's."""
    a, b = (np.array(palette[i], np.float32) for i in rng.integers(len(palette), size=2))
    return np.clip(a + (b - a) * rng.random() + rng.normal(0, spread, 3), 0, 255).astype(np.float32)


def photograph(rgb: np.ndarray, rng: np.random.Generator, blur: tuple[float, float] = (0.4, 2.2)) -> np.ndarray:
    """Light, lens and sensor: contrast, tint, gamma, gradient, blur in px, noise; now and then without colour."""
    ramp = np.linspace(-1, 1, len(rgb), dtype=np.float32)
    light = 1 + rng.uniform(-0.3, 0.3) * ramp[None, :, None] + rng.uniform(-0.2, 0.2) * ramp[:, None, None]
    out = np.clip(rgb * light * rng.normal(1, 0.04, 3), 0, 255) / 255
    out = out ** np.exp(rng.normal(0, 0.3)) * rng.uniform(0.55, 1.1) + rng.uniform(0, 0.15)
    if rng.random() < 0.06:
        out = np.repeat(out.mean(2, keepdims=True), 3, 2)
    out = cv2.GaussianBlur(out, (0, 0), rng.uniform(*blur))
    return (np.clip(out + rng.normal(0, rng.uniform(0, 0.03), out.shape), 0, 1) * 255).astype(np.uint8)
