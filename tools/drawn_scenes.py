"""Procedurally drawn pictures without a face: what the sample face detector must say no to."""

from __future__ import annotations

import cv2
import numpy as np

from tools.drawn_faces import SKINS, draw_blank_head
from tools.sketch import CANVAS, Sketch, photograph, pick

LANDS = (  # sky above, sky at the horizon, hills, ground
    ((90, 140, 220), (220, 230, 240), (90, 110, 90), (80, 130, 50)),
    ((60, 40, 90), (250, 150, 70), (40, 30, 40), (60, 40, 40)),
    ((120, 170, 230), (230, 230, 230), (200, 170, 120), (220, 190, 140)),
    ((200, 210, 220), (240, 240, 240), (130, 130, 140), (240, 240, 245)),
)


def noise(rng: np.random.Generator, height: int, width: int, size: int) -> np.ndarray:
    """float32 [height,width] 0..1: octaves of smooth noise, the coarsest `size` pixels wide."""
    total, gain = np.zeros((height, width), np.float32), 1.0
    while size > 1:
        grid = rng.random((max(2, height // size), max(2, width // size))).astype(np.float32)
        total += gain * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        size, gain = size // 2, gain * 0.6
    return (total - total.min()) / (np.ptp(total) + 1e-6)


def blend(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    return (first + (second - first) * share[..., None]).astype(np.float32)


def landscape(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Sky, hills, ground, perhaps a sun and bushes."""
    above, below, hills, ground = (np.array(c, np.float32) for c in LANDS[rng.integers(len(LANDS))])
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)
    rgb = blend(above, below, rows) + 40 * (noise(rng, height, width, 128)[..., None] - 0.5)
    horizon = rng.uniform(0.35, 0.7)
    ridge = horizon - noise(rng, 2, width, 256)[0] * 0.35
    rgb = np.where((rows > ridge)[..., None], hills * (0.6 + 0.8 * noise(rng, height, width, 64)[..., None]), rgb)
    if rng.random() < 0.5:
        sun = (int(rng.integers(width)), int(rng.integers(height // 2)))
        rgb = cv2.circle(
            np.ascontiguousarray(rgb), sun, int(rng.integers(4, width // 8)), (255, 240, 200), -1, cv2.LINE_AA
        )
    rgb = np.where((rows > horizon)[..., None], ground * (0.6 + 0.8 * noise(rng, height, width, 16)[..., None]), rgb)
    return shapes(rng, rgb, int(rng.integers(0, 12)))


def wall(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Courses of bricks or tiles."""
    colour, mortar = rng.uniform((110, 60, 40), (220, 160, 130)), rng.uniform(100, 230)
    rgb = np.full((height, width, 3), mortar, np.float32)
    tall, wide = height // int(rng.integers(4, 25)), width // int(rng.integers(2, 12))
    for row in range(height // tall + 1):
        for x in range(-wide * (row % 2) // 2, width, wide):
            corner = (x + wide - 2, row * tall + tall - 2)
            cv2.rectangle(rgb, (x + 1, row * tall + 1), corner, (colour * rng.uniform(0.7, 1.2)).tolist(), -1)
    return rgb + 40 * (noise(rng, height, width, 32)[..., None] - 0.5)


def pattern(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Two colours mixed by noise: clouds, stripes, spots, foliage, cloth."""
    share = noise(rng, height, width, int(rng.choice([8, 16, 32, 64, 128])))
    kind = rng.random()
    if kind < 0.3:
        share = 0.5 + 0.5 * np.sin(share * rng.uniform(8, 60))
    elif kind < 0.5:
        share = (share > rng.uniform(0.3, 0.7)).astype(np.float32)
    a, b = (
        rng.uniform(0, 255, (2, 3))
        if rng.random() < 0.6
        else (pick(rng, SKINS), pick(rng, SKINS) * rng.uniform(0.2, 1))
    )
    return blend(a, b, share.astype(np.float32))


def shapes(rng: np.random.Generator, rgb: np.ndarray, count: int) -> np.ndarray:
    """The picture with `count` discs, boxes, lines and letters on it."""
    rgb = np.clip(rgb, 0, 255).astype(np.uint8)  # putText takes no other depth
    height, width = rgb.shape[:2]
    for _ in range(count):
        place, colour = (int(rng.integers(width)), int(rng.integers(height))), rng.uniform(0, 255, 3).tolist()
        size, kind = int(np.exp(rng.uniform(np.log(3), np.log(width / 4)))), rng.integers(5)
        far = (place[0] + int(rng.normal(0, size)), place[1] + int(rng.normal(0, size)))
        if kind == 0:
            cv2.ellipse(
                rgb, place, (size, max(1, int(size * rng.uniform(0.3, 1.2)))), rng.uniform(0, 180), 0, 360, colour, -1
            )
        elif kind == 1:
            cv2.circle(rgb, place, size, colour, int(rng.integers(1, 2 + size // 3)), cv2.LINE_AA)
        elif kind == 2:
            cv2.rectangle(rgb, place, far, colour, -1)
        elif kind == 3:
            cv2.line(rgb, place, far, colour, int(rng.integers(1, 6)), cv2.LINE_AA)
        else:
            cv2.putText(
                rgb, "".join(rng.choice(list("AEMORTXo8"), 4)), place, 0, size / 25, colour, 1 + size // 12, cv2.LINE_AA
            )
    return rgb.astype(np.float32)


def limbs(s: Sketch) -> None:
    """Arms, hands, fingers: skin with folds and marks, but no face."""
    rng, skin = s.rng, pick(s.rng, SKINS)
    for _ in range(rng.integers(1, 7)):
        x, y = rng.uniform(-1.1, 1.1, 2)
        length, width, turn = rng.uniform(0.15, 1), rng.uniform(0.04, 0.4), rng.uniform(0, 180)
        s.ellipse(x, y, length, width, skin * rng.uniform(0.8, 1.1), tilt=turn, soft=rng.uniform(0, 0.02))
        s.ellipse(
            x, y + width * 0.8, length, width * 0.2, skin * 0.5, tilt=turn, soft=0.03, strength=rng.uniform(0, 0.8)
        )
    for _ in range(rng.integers(0, 6)):
        x, y = rng.uniform(-0.6, 0.6, 2)
        mark = skin * rng.uniform(0.2, 1.2)
        s.ellipse(
            x,
            y,
            rng.uniform(0.02, 0.3),
            rng.uniform(0.02, 0.1),
            mark,
            tilt=rng.uniform(0, 180),
            strength=rng.random(),
            soft=0.01,
        )


def backdrop(rng: np.random.Generator, side: int = CANVAS) -> np.ndarray:
    """float32 [side,side,3]: anything without a face."""
    kind = rng.random()
    if kind < 0.25:
        return landscape(rng, side, side)
    if kind < 0.35:
        return wall(rng, side, side)
    return shapes(rng, pattern(rng, side, side), int(rng.integers(0, 14)))


def no_face(rng: np.random.Generator) -> np.ndarray:
    """uint8 [128,128,3]: a head without features, limbs, or things."""
    kind = rng.random()
    if kind < 0.5:
        return draw_blank_head(rng, backdrop(rng))
    s = Sketch(backdrop(rng), rng)
    if kind < 0.8:
        limbs(s)
    return photograph(s.rgb, rng)


def scene(rng: np.random.Generator, side: int = 512) -> np.ndarray:
    """uint8 [side,side,3]: a whole picture without a face."""
    rgb = backdrop(rng, side)
    for _ in range(rng.integers(0, 4)):
        size = int(rng.integers(48, side // 2))
        x, y = rng.integers(side - size, size=2)
        rgb[y : y + size, x : x + size] = cv2.resize(no_face(rng), (size, size), interpolation=cv2.INTER_AREA)
    return photograph(shapes(rng, rgb, int(rng.integers(0, 20))), rng)
