"""Procedurally drawn portraits: the training pictures of the sample face detector, so that its weights are our own."""

from __future__ import annotations

import numpy as np

from tools.sketch import Sketch, photograph, pick

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
IRISES = ((60, 40, 25), (90, 120, 140), (70, 90, 60), (20, 15, 12))


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
    collar = [(-neck, top), (0, top + rng.uniform(0, 0.4)), (neck, top)]
    s.polygon([*collar, (1.3, top + 0.35), (1.5, 3), (-1.5, 3), (-1.3, top + 0.35)], cloth)


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
    blush = np.minimum(skin * 1.18 + [10, 0, 0], 255)
    for side in (-1, 1):
        s.ellipse(side * 0.28, 0.16, 0.12, 0.1, blush, strength=rng.uniform(0, 0.7), soft=0.05, depth=0.25)


def eyes(s: Sketch, skin: np.ndarray, hair: np.ndarray) -> tuple[float, float]:
    """Sockets, whites, irises, lids and brows; returns how far from the middle and how high the eyes are."""
    rng = s.rng
    ey, dx = rng.uniform(-0.17, -0.07), rng.uniform(0.21, 0.26)
    wide_open, iris = rng.uniform(0.2, 1.0), pick(rng, IRISES)
    brow, lift, dark = rng.uniform(0.02, 0.05), rng.uniform(0.11, 0.17), rng.uniform(0.2, 0.95)
    socket, slant, lashes = rng.uniform(0.1, 0.6), rng.uniform(-10, 10), rng.uniform(0.5, 1)
    white, brow_colour = np.array([235, 230, 225]) * rng.uniform(0.7, 1), np.minimum(hair, skin * 0.6)
    for side in (-1, 1):
        x, tilt = side * dx, side * slant
        s.ellipse(x, ey - 0.03, 0.14, 0.08, skin * 0.55, strength=socket, soft=0.04, depth=0.35)
        s.ellipse(x, ey, 0.1, 0.05 * wide_open, white, depth=0.4)
        s.ellipse(x, ey, 0.045, 0.045 * min(1, wide_open + 0.2), iris, depth=0.42)
        lid = ey - 0.045 * wide_open
        s.ellipse(x, lid, 0.11, 0.014, skin * 0.2, strength=lashes, soft=0.008, depth=0.4, tilt=tilt)
        s.ellipse(x * 1.02, ey - lift, 0.13, brow, brow_colour, strength=dark, soft=0.015, depth=0.4, tilt=tilt)
    return dx, ey


def glasses(s: Sketch, dx: float, ey: float) -> None:
    """Dark lenses now and then, frames now and then, mostly none."""
    rng = s.rng
    kind, colour = rng.random(), rng.uniform(0, 70, 3)
    rx, ry = rng.uniform(0.16, 0.21), rng.uniform(0.11, 0.17)
    if kind > 0.3:
        return
    for side in (-1, 1):
        bare = s.rgb.copy()
        s.ellipse(side * dx, ey + 0.02, rx, ry, colour, strength=rng.uniform(0.75, 1), depth=0.45)
        if kind > 0.17:
            hole = Sketch(np.zeros_like(bare), rng, s.yaw, s.pitch)
            hole.ellipse(side * dx, ey + 0.02, rx - 0.025, ry - 0.025, np.ones(3), depth=0.45)
            s.rgb += hole.rgb * (bare - s.rgb)
    s.polygon([(-0.1, ey - 0.02), (0.1, ey - 0.02), (0.1, ey + 0.01), (-0.1, ey + 0.01)], colour, depth=0.5)


def nose(s: Sketch, skin: np.ndarray) -> float:
    """Bridge, tip and nostrils; returns the height of the tip."""
    rng = s.rng
    side, tip, bright = rng.choice([-1, 1]), rng.uniform(0.12, 0.2), np.minimum(skin * 1.25, 255)
    s.ellipse(side * 0.07, 0.0, 0.035, 0.15, skin * 0.65, strength=rng.uniform(0, 0.7), soft=0.03, depth=0.5)
    s.ellipse(0, 0.03, 0.03, 0.15, bright, strength=rng.uniform(0, 0.7), soft=0.025, depth=0.6)
    s.ellipse(0, tip + 0.03, 0.11, 0.03, skin * 0.6, strength=rng.uniform(0.1, 0.8), soft=0.02, depth=0.6)
    for x in (-0.055, 0.055):
        s.ellipse(x, tip + 0.02, 0.025, 0.014, skin * 0.3, strength=rng.uniform(0.1, 0.9), soft=0.008, depth=0.6)
    return tip


def lens(y: float, wide: float, up: float, down: float, bend: float) -> list[tuple[float, float]]:
    """Outline of lips: `up` above and `down` below the middle, corners lifted by `bend`."""
    u = np.linspace(-1, 1, 15)
    upper = y - up * (1 - u * u) - bend * u * u
    lower = y + down * (1 - u * u) - bend * u * u
    return [*zip(u * wide, upper, strict=True), *zip(u[::-1] * wide, lower[::-1], strict=True)]


def mouth(s: Sketch, skin: np.ndarray) -> tuple[float, float]:
    """Lips, closed or smiling with teeth; returns half its width and the height of its corners."""
    rng = s.rng
    y, wide, bend = rng.uniform(0.31, 0.41), rng.uniform(0.13, 0.29), rng.uniform(-0.01, 0.02)
    smile = rng.random() < 0.5
    bend += (wide - 0.13) * 0.35 * smile
    lips = np.clip(skin * [0.85, 0.6, 0.6] + rng.normal(0, 15, 3), 0, 255)
    for side in (-1, 1):
        fold = rng.uniform(0.1, 0.8) * (wide / 0.29)
        place = (side * (wide + 0.05), y - 0.08)
        s.ellipse(*place, 0.018, 0.13, skin * 0.55, strength=fold, soft=0.02, depth=0.4, tilt=-side * 25)
    up, down = rng.uniform(0.02, 0.05), rng.uniform(0.03, 0.09)
    s.polygon(lens(y, wide, up, down, bend), lips, strength=rng.uniform(0.2, 1), soft=0.01, depth=0.45)
    if smile:
        teeth = np.array([240, 235, 225]) * rng.uniform(0.6, 1)
        s.polygon(lens(y, wide * 0.92, up * 0.3, down * 0.8, bend), np.array([60, 20, 20]), depth=0.45)
        bite = lens(y, wide * 0.85, up * 0.2, down * rng.uniform(0.1, 0.7), bend)
        s.polygon(bite, teeth, strength=rng.uniform(0, 1), depth=0.45)
    else:
        s.polygon(lens(y, wide * 0.95, 0.008, 0.01, bend), skin * 0.3, strength=rng.uniform(0.4, 1), depth=0.45)
    s.ellipse(0, y + 0.11, 0.1, 0.02, skin * 0.6, strength=rng.uniform(0, 0.6), soft=0.02, depth=0.4)
    return wide, y - bend


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


def draw_portrait(rng: np.random.Generator, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One head and shoulders before `behind` (float32 RGB [128,128,3]), as a bad camera sees it.

    Returns uint8 RGB with the face box centred, 56 x 72 px, and the canvas pixels [5,2] of left eye, right eye, nose
    tip, left and right corner of the mouth, as seen in the picture.
    """
    s, points = sketch_portrait(rng, behind)
    return photograph(s.rgb, rng), points


def sketch_portrait(rng: np.random.Generator, behind: np.ndarray) -> tuple[Sketch, np.ndarray]:
    """The same before the camera, on a canvas of any size."""
    s = Sketch(behind.copy(), rng, rng.normal(0, 0.13), rng.normal(0, 0.08))
    skin, hair = pick(rng, SKINS), pick(rng, HAIRS, 8)
    body(s, skin, hair)
    head(s, skin)
    tip = nose(s, skin)
    wide, corner = mouth(s, skin)
    dx, ey = eyes(s, skin, hair)
    glasses(s, dx, ey)
    hair_front(s, skin, hair)
    points = [(-dx, ey, 0.4), (dx, ey, 0.4), (0, tip, 0.6), (-wide, corner, 0.45), (wide, corner, 0.45)]
    return s, np.array([s.point(*p) for p in points], np.float32) / 16


def draw_blank_head(rng: np.random.Generator, behind: np.ndarray) -> np.ndarray:
    """A head that is no face, since it lacks its eyes or both nose and mouth: uint8 RGB like `behind`."""
    s = Sketch(behind.copy(), rng, rng.normal(0, 0.13), rng.normal(0, 0.08))
    skin, hair = pick(rng, SKINS), pick(rng, HAIRS, 8)
    body(s, skin, hair)
    head(s, skin)
    if rng.random() < 0.3:
        eyes(s, skin, hair)
    else:
        for draw in (nose, mouth):
            if rng.random() < 0.5:
                draw(s, skin)
    hair_front(s, skin, hair)
    return photograph(s.rgb, rng)
