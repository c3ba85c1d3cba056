"""Procedurally drawn portraits: the training pictures of the sample face detector, so that its weights are our own."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

CANVAS = 128
FACE = 56.0  # width of the drawn face in canvas pixels
CENTRE = (64.0, 64.0)  # canvas position of the middle of the face box
FACE_RATIO = 1.28  # height of the face box over its width
SKINS = (
    (255, 224, 196),
    (241, 194, 155),
    (224, 172, 125),
    (198, 134, 94),
    (141, 85, 56),
    (92, 58, 42),
    (250, 210, 190),
)
HAIRS = ((25, 20, 18), (50, 35, 25), (90, 60, 35), (140, 95, 50), (190, 150, 90), (150, 150, 150), (120, 50, 30))


@dataclass
class Sketch:
    """A canvas with the frame of the face: unit = face width, origin = middle of the face box, y down."""

    rgb: np.ndarray
    rng: np.random.Generator
    yaw: float = 0.0
    pitch: float = 0.0

    def point(self, x: float, y: float, depth: float = 0.0) -> tuple[int, int]:
        """Canvas pixel, in 1/16, of a place on the face; `depth` moves with the turn of the head."""
        px = CENTRE[0] + FACE * (x + self.yaw * depth)
        py = CENTRE[1] + FACE * (y + self.pitch * depth)
        return round(px * 16), round(py * 16)

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
        alpha = np.zeros((CANVAS, CANVAS), np.uint8)
        axes = (max(round(rx * FACE * 16), 6), max(round(ry * FACE * 16), 6))
        cv2.ellipse(alpha, self.point(x, y, depth), axes, tilt, 0, 360, 255, -1, cv2.LINE_AA, 4)
        self.layer(soften(alpha, soft) * strength, colour)

    def polygon(
        self,
        points: list[tuple[float, float]],
        colour: np.ndarray,
        *,
        strength: float = 1.0,
        soft: float = 0.0,
        depth: float = 0.0,
    ) -> None:
        alpha = np.zeros((CANVAS, CANVAS), np.uint8)
        cv2.fillPoly(alpha, [np.array([self.point(x, y, depth) for x, y in points], np.int32)], 255, cv2.LINE_AA, 4)
        self.layer(soften(alpha, soft) * strength, colour)


def soften(alpha: np.ndarray, soft: float) -> np.ndarray:
    """uint8 mask → float 0..1, its edge blurred by `soft` face widths."""
    mask = alpha.astype(np.float32) / 255
    return cv2.GaussianBlur(mask, (0, 0), soft * FACE) if soft > 0 else mask


def pick(rng: np.random.Generator, palette: tuple, spread: float = 14) -> np.ndarray:
    """A colour near two of the palette's."""
    a, b = (np.array(palette[i], np.float32) for i in rng.integers(len(palette), size=2))
    return np.clip(a + (b - a) * rng.random() + rng.normal(0, spread, 3), 0, 255).astype(np.float32)


def body(s: Sketch, skin: np.ndarray, hair: np.ndarray) -> None:
    rng = s.rng
    if rng.random() < 0.5:
        long, wide = rng.uniform(0.2, 1.2), rng.uniform(0.55, 0.8)
        s.polygon([(-wide, -0.3), (wide, -0.3), (wide * 1.1, long), (-wide * 1.1, long)], hair, soft=0.04)
    s.ellipse(
        0, -0.25, rng.uniform(0.52, 0.72), rng.uniform(0.5, 0.72), hair, strength=float(rng.random() < 0.85), soft=0.03
    )
    neck = rng.uniform(0.22, 0.34)
    s.polygon([(-neck, 0.3), (neck, 0.3), (neck * 1.2, 1.1), (-neck * 1.2, 1.1)], skin * rng.uniform(0.6, 0.95))
    cloth = rng.uniform(0, 255, 3)
    top = rng.uniform(0.75, 1.05)
    s.polygon(
        [
            (-neck, top),
            (0, top + rng.uniform(0, 0.4)),
            (neck, top),
            (1.3, top + 0.35),
            (1.5, 3),
            (-1.5, 3),
            (-1.3, top + 0.35),
        ],
        cloth,
    )


def head(s: Sketch, skin: np.ndarray) -> None:
    rng = s.rng
    for side in (-1, 1):
        if rng.random() < 0.5:
            s.ellipse(side * 0.5, -0.02, 0.06, 0.14, skin * 0.85, depth=-0.3)
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    jaw = rng.uniform(0.75, 1.05)
    x = 0.5 * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** rng.uniform(0.75, 1.0)
    y = 0.64 * np.sin(t)
    x = x * np.where(y > 0, 1 + (jaw - 1) * (y / 0.64), 1.0)
    s.polygon(list(zip(x, y, strict=True)), skin)
    light = rng.uniform(-1, 1)
    s.ellipse(-light * 0.42, 0.1, 0.22, 0.6, skin * 0.45, strength=abs(light) * 0.75, soft=0.1)
    s.ellipse(light * 0.2, -0.4, 0.25, 0.12, np.minimum(skin * 1.25, 255), strength=rng.uniform(0, 0.7), soft=0.06)
    for side in (-1, 1):
        s.ellipse(
            side * 0.28,
            0.16,
            0.12,
            0.1,
            np.minimum(skin * 1.18 + [10, 0, 0], 255),
            strength=rng.uniform(0, 0.7),
            soft=0.05,
            depth=0.25,
        )


def eyes(s: Sketch, skin: np.ndarray, hair: np.ndarray) -> None:
    rng = s.rng
    ey, dx = rng.uniform(-0.16, -0.08), rng.uniform(0.21, 0.26)
    open_, iris = rng.uniform(0.2, 1.0), pick(rng, ((60, 40, 25), (90, 120, 140), (70, 90, 60), (20, 15, 12)))
    brow, lift, dark = rng.uniform(0.02, 0.05), rng.uniform(0.11, 0.17), rng.uniform(0.2, 0.95)
    socket, slant = rng.uniform(0.1, 0.6), rng.uniform(-10, 10)
    for side in (-1, 1):
        x = side * dx
        s.ellipse(x, ey - 0.03, 0.14, 0.08, skin * 0.55, strength=socket, soft=0.04, depth=0.35)
        s.ellipse(x, ey, 0.1, 0.05 * open_, np.array([235, 230, 225]) * rng.uniform(0.7, 1), depth=0.4)
        s.ellipse(x, ey, 0.045, 0.045 * min(1, open_ + 0.2), iris, depth=0.42)
        s.ellipse(
            x,
            ey - 0.045 * open_,
            0.11,
            0.014,
            skin * 0.2,
            strength=rng.uniform(0.5, 1),
            soft=0.008,
            depth=0.4,
            tilt=side * slant,
        )
        s.ellipse(
            x * 1.02,
            ey - lift,
            0.13,
            brow,
            np.minimum(hair, skin * 0.6),
            strength=dark,
            soft=0.015,
            depth=0.4,
            tilt=side * slant,
        )


def glasses(s: Sketch) -> None:
    rng = s.rng
    kind = rng.random()
    if kind > 0.3:
        return
    ey, colour = -0.11, rng.uniform(0, 70, 3)
    for side in (-1, 1):
        rx, ry = rng.uniform(0.16, 0.21), rng.uniform(0.11, 0.17)
        if kind < 0.17:
            s.ellipse(side * 0.24, ey + 0.02, rx, ry, colour, strength=rng.uniform(0.75, 1), depth=0.45)
        else:
            before = s.rgb.copy()
            s.ellipse(side * 0.24, ey + 0.02, rx, ry, colour, depth=0.45)
            hole = Sketch(np.zeros_like(before), rng, s.yaw, s.pitch)
            hole.ellipse(side * 0.24, ey + 0.02, rx - 0.025, ry - 0.025, np.ones(3), depth=0.45)
            s.rgb += hole.rgb * (before - s.rgb)
    s.polygon([(-0.1, ey - 0.02), (0.1, ey - 0.02), (0.1, ey + 0.01), (-0.1, ey + 0.01)], colour, depth=0.5)


def nose(s: Sketch, skin: np.ndarray) -> None:
    rng = s.rng
    side, tip = rng.choice([-1, 1]), rng.uniform(0.13, 0.2)
    s.ellipse(side * 0.07, 0.0, 0.035, 0.15, skin * 0.65, strength=rng.uniform(0, 0.7), soft=0.03, depth=0.5)
    s.ellipse(0, 0.03, 0.03, 0.15, np.minimum(skin * 1.25, 255), strength=rng.uniform(0, 0.7), soft=0.025, depth=0.6)
    s.ellipse(0, tip + 0.03, 0.11, 0.03, skin * 0.6, strength=rng.uniform(0.1, 0.8), soft=0.02, depth=0.6)
    for x in (-0.055, 0.055):
        s.ellipse(x, tip + 0.02, 0.025, 0.014, skin * 0.3, strength=rng.uniform(0.1, 0.9), soft=0.008, depth=0.6)


def mouth(s: Sketch, skin: np.ndarray) -> None:
    rng = s.rng
    y, wide = rng.uniform(0.31, 0.4), rng.uniform(0.13, 0.29)
    lips = np.clip(skin * [0.85, 0.6, 0.6] + rng.normal(0, 15, 3), 0, 255)
    for side in (-1, 1):
        fold = rng.uniform(0.1, 0.8) * (wide / 0.29)
        s.ellipse(
            side * (wide + 0.05),
            y - 0.08,
            0.018,
            0.13,
            skin * 0.55,
            strength=fold,
            soft=0.02,
            depth=0.4,
            tilt=-side * 25,
        )
    s.ellipse(0, y, wide, rng.uniform(0.035, 0.08), lips, strength=rng.uniform(0.2, 1), soft=0.01, depth=0.45)
    if rng.random() < 0.5:
        gap = rng.uniform(0.02, 0.075)
        s.ellipse(0, y, wide * 0.9, gap, np.array([60, 20, 20]), depth=0.45)
        teeth = np.array([240, 235, 225]) * rng.uniform(0.6, 1)
        s.ellipse(
            0, y - gap * 0.25, wide * 0.8, gap * rng.uniform(0.5, 0.85), teeth, strength=rng.uniform(0, 1), depth=0.45
        )
    else:
        s.ellipse(0, y, wide * 0.95, 0.012, skin * 0.3, strength=rng.uniform(0.4, 1), soft=0.006, depth=0.45)
    s.ellipse(0, y + 0.1, 0.1, 0.02, skin * 0.6, strength=rng.uniform(0, 0.6), soft=0.02, depth=0.4)


def hair_front(s: Sketch, skin: np.ndarray, hair: np.ndarray) -> None:
    rng = s.rng
    if rng.random() < 0.25:
        grow = rng.uniform(0.2, 0.75)
        s.ellipse(0, 0.28, 0.2, 0.05, hair, strength=grow * rng.random(), soft=0.02, depth=0.4)
        s.ellipse(0, 0.55, 0.35, 0.16, hair, strength=grow, soft=0.06, depth=0.3)
    kind = rng.random()
    if kind < 0.15:
        brim, cap = rng.uniform(-0.34, -0.22), rng.uniform(0, 255, 3)
        s.polygon([(-0.56, brim), (0.56, brim), (0.5, -0.9), (-0.5, -0.9)], cap, soft=0.01)
        s.polygon([(-0.5, brim), (0.5, brim), (0.45, brim + 0.06), (-0.45, brim + 0.06)], cap * 0.4, soft=0.01)
    elif kind < 0.85:
        part, low = rng.uniform(-0.4, 0.4), rng.uniform(-0.62, -0.35)
        for side in (-1, 1):
            s.polygon(
                [
                    (part, -0.85),
                    (part, low),
                    (side * 0.5, rng.uniform(-0.4, 0.1)),
                    (side * 0.6, rng.uniform(-0.3, 0.6)),
                    (side * 0.62, -0.5),
                ],
                hair,
                soft=0.02,
            )


def photograph(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, lens and sensor: contrast, tint, gamma, gradient, blur, noise; now and then without colour."""
    ramp = np.linspace(-1, 1, len(rgb), dtype=np.float32)
    light = 1 + rng.uniform(-0.3, 0.3) * ramp[None, :, None] + rng.uniform(-0.2, 0.2) * ramp[:, None, None]
    out = np.clip(rgb * light * rng.normal(1, 0.04, 3), 0, 255) / 255
    out = out ** np.exp(rng.normal(0, 0.3)) * rng.uniform(0.55, 1.1) + rng.uniform(0, 0.15)
    if rng.random() < 0.06:
        out = np.repeat(out.mean(2, keepdims=True), 3, 2)
    out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 2.2))
    return (np.clip(out + rng.normal(0, rng.uniform(0, 0.03), out.shape), 0, 1) * 255).astype(np.uint8)


def draw_portrait(rng: np.random.Generator, behind: np.ndarray, missing: tuple[str, ...] = ()) -> np.ndarray:
    """One head and shoulders before `behind` (float32 RGB [128,128,3]): uint8, the face box centred, 56 x 72 px.

    `missing` leaves out "eyes", "nose", "mouth": such a head is no face, and teaches that skin alone is none.
    """
    s = Sketch(behind.copy(), rng, rng.normal(0, 0.13), rng.normal(0, 0.08))
    skin, hair = pick(rng, SKINS), pick(rng, HAIRS, 8)
    body(s, skin, hair)
    head(s, skin)
    if "nose" not in missing:
        nose(s, skin)
    if "mouth" not in missing:
        mouth(s, skin)
    if "eyes" not in missing:
        eyes(s, skin, hair)
        glasses(s)
    hair_front(s, skin, hair)
    return photograph(s.rgb, rng)
