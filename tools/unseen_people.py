"""Drawn scenes that the sample matting is not fitted on, to judge it by: `drawn_people.py` shares nothing with them.

Bodies are distance fields of bones that melt into each other, hair is combed of single strokes, colours come from a
wheel, and what is behind is made of other things. Lengths are in heads from the pit of the neck, y down.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from tools.unseen_places import ground, wheel

KINDS = ("head and shoulders", "half figure", "full figure", "two people", "dark hair on dark ground")
POSES = ((8, -8), (15, 5), (40, -60), (30, 100), (100, 160), (140, 175))  # degrees of upper and lower arm
Point = tuple[float, float]


@dataclass
class Body:
    """One person on a picture float32 [height,width,3] and its matte, which are painted on.

    `neck` and `unit`, the height of a head, are in pixels.
    """

    rng: np.random.Generator
    rgb: np.ndarray
    matte: np.ndarray
    neck: Point
    unit: float
    x: np.ndarray = field(init=False)
    y: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rows, columns = np.mgrid[: self.rgb.shape[0], : self.rgb.shape[1]].astype(np.float32)
        self.x, self.y = (columns - self.neck[0]) / self.unit, (rows - self.neck[1]) / self.unit

    def bone(self, a: Point, b: Point, first: float, last: float) -> np.ndarray:
        """Distance [height,width] from a bone that tapers; below 0 inside."""
        ax, ay, bx, by = self.x - a[0], self.y - a[1], b[0] - a[0], b[1] - a[1]
        along = np.clip((ax * bx + ay * by) / (bx * bx + by * by + 1e-4), 0, 1)
        return np.hypot(ax - along * bx, ay - along * by) - (first + (last - first) * along)

    def spot(self, x: float, y: float, wide: float, thick: float, colour: np.ndarray) -> None:
        """A level stroke."""
        self.fill(self.bone((x - wide, y), (x + wide, y), thick, thick), colour)

    def fill(self, distance: np.ndarray, colour: np.ndarray) -> None:
        """Colour [3] or [height,width,3] where the distance is below 0, lit as a body that bulges."""
        dy, dx = np.gradient(np.maximum(distance, -0.3) * self.unit)
        lit = 0.9 + 0.35 * np.clip(-0.6 * dx - 0.8 * dy, -1, 1) * np.exp(np.minimum(distance, 0) / 0.15)
        self.cover(np.clip(0.5 - distance * self.unit, 0, 1), colour * lit[..., None])

    def cover(self, share: np.ndarray, colour: np.ndarray) -> None:
        self.rgb += share[..., None] * (np.clip(colour, 0, 255) - self.rgb)
        np.maximum(self.matte, share, out=self.matte)


def melt(distances: list[np.ndarray], reach: float) -> np.ndarray:
    """The union of fields, its hollows filled."""
    return -reach * np.log(np.sum([np.exp(np.clip(-each / reach, -50, 50)) for each in distances], 0))


def complexion(rng: np.random.Generator) -> np.ndarray:
    pale, dark = np.array([244, 206, 180]), np.array([72, 44, 32])
    return (pale + (dark - pale) * rng.beta(1, 1.6) + rng.normal(0, 5, 3)).clip(0, 255)


def fabric(body: Body) -> np.ndarray:
    """float32 [height,width,3]: plain, ribbed, plaid, or two halves, with creases."""
    rng, u, v, one, two = body.rng, body.x, body.y, wheel(body.rng), wheel(body.rng)
    kind = rng.choice(4, p=[0.5, 0.2, 0.2, 0.1])
    wave = 0 * u
    if kind == 1:
        wave = 0.5 + 0.5 * np.sin(v * rng.uniform(8, 30) + 0.4 * np.sin(u * 3))
    elif kind == 2:
        wave = 0.25 * np.round(1 + np.sin(u * 14)) + 0.25 * np.round(1 + np.sin(v * 14))
    elif kind == 3:
        wave = 1.0 * (u + 0.3 * np.sin(v * 5) > rng.normal(0, 0.5))
    crease = 1 + 0.12 * np.sin(3 * u + 2 * np.sin(4 * v + rng.uniform(0, 6)))
    return (one + (two - one) * wave[..., None]) * crease[..., None]


def turned(start: Point, degrees: float, length: float) -> Point:
    return start[0] + length * np.sin(np.radians(degrees)), start[1] + length * np.cos(np.radians(degrees))


def draw(body: Body, *, dark: bool) -> None:
    rng = body.rng
    skin, top, below = complexion(rng), fabric(body), fabric(body)
    hair = rng.uniform(8, 38) + rng.uniform(-4, 6, 3) if dark else wheel(rng, (0.05, 0.9), 0.5) * [1, 0.9, 0.75]
    skull, long = (rng.normal(0, 0.05), -0.62), rng.uniform(-0.2, 1.8)
    body.fill(body.bone((skull[0], -0.82), (skull[0], -0.74), 0.42, 0.42), hair)
    comb(body, skull, hair, 90, long * 0.6, long)
    stand(body, skin, below)
    body.fill(body.bone((0, -0.4), (0, 0.1), 0.22, 0.24), skin * 0.85)
    chest(body, skin, top)
    face(body, skull, skin)
    comb(body, skull, hair, 40, -0.3, 0.0)


def stand(body: Body, skin: np.ndarray, cloth: np.ndarray) -> None:
    rng = body.rng
    dress, stride, legs, feet = rng.random() < 0.3, rng.normal(0, 14), [], []
    for side in (-1, 1):
        hip = (side * 0.3, 2.3)
        knee = turned(hip, side * rng.uniform(0, 12) + stride * side, 1.75)
        foot = turned(knee, stride - side * rng.uniform(-4, 10), 1.75)
        legs += [body.bone(hip, knee, 0.3, 0.2), body.bone(knee, foot, 0.2, 0.12)]
        feet.append(body.bone(foot, (foot[0] + rng.uniform(-0.2, 0.3), foot[1] + 0.1), 0.12, 0.1))
    body.fill(melt(legs, 0.05), skin if dress else cloth)
    body.fill(melt(feet, 0.02), wheel(rng, (0.02, 0.5)))
    if dress:
        body.fill(body.bone((0, 2.1), (0, rng.uniform(3.1, 4.7)), 0.5, rng.uniform(0.6, 1.0)), cloth)


def chest(body: Body, skin: np.ndarray, cloth: np.ndarray) -> None:
    rng, wide, short = body.rng, body.rng.uniform(0.55, 0.75), body.rng.random() < 0.5
    trunk = [
        body.bone((-wide, 0.45), (wide, 0.45), 0.26, 0.26),
        body.bone((0, 0.6), (0, 2.2), 0.6, rng.uniform(0.4, 0.6)),
        body.bone((-0.2, 2.2), (0.2, 2.4), 0.4, 0.4),
    ]
    sleeves, bare = [], []
    for side in (-1, 1):
        shoulder, (upper, lower) = (side * wide, 0.45), POSES[rng.integers(len(POSES))]
        elbow = turned(shoulder, side * (upper + rng.normal(0, 10)), 1.25)
        wrist = turned(elbow, side * (lower + rng.normal(0, 15)), 1.1)
        sleeves.append(body.bone(shoulder, elbow, 0.23, 0.17))
        (bare if short else sleeves).append(body.bone(elbow, wrist, 0.16, 0.12))
        bare.append(body.bone(wrist, turned(wrist, side * lower, 0.2), 0.12, 0.1))
    body.fill(melt(trunk, 0.08), cloth)
    body.fill(melt(bare, 0.03), skin)
    body.fill(melt(sleeves, 0.03), cloth)


def face(body: Body, skull: Point, skin: np.ndarray) -> None:
    x, y = skull
    body.fill(body.bone((x, y - 0.1), (x, y + 0.16), 0.37, 0.28), skin)
    turn = x + body.rng.normal(0, 0.05)
    for side in (-0.15, 0.15):
        body.spot(turn + side, y, 0.05, 0.03, skin * 0.25)
        body.spot(turn + side, y - 0.1, 0.08, 0.015, skin * 0.3)
    body.spot(turn, y + 0.12, 0.01, 0.045, skin * 0.88)
    body.spot(turn, y + 0.25, 0.1, 0.025, skin * [0.75, 0.45, 0.45])


def comb(body: Body, skull: Point, hair: np.ndarray, count: int, short: float, long: float) -> None:
    """Strokes from the crown that end between `short` and `long` below the middle of the head."""
    rng, (x, y), layer = body.rng, skull, np.zeros(body.matte.shape, np.uint8)
    t, part = np.linspace(0, 1, 14)[:, None], rng.normal(0, 0.12)
    for _ in range(count):
        out, low = (
            rng.choice([-1, 1]) * rng.uniform(0.25, 0.55),
            y + min(short, long) + abs(long - short) * rng.random(),
        )
        start, end = np.array([x + part, y - 0.58]), np.array([x + out * rng.normal(1, 0.15), low])
        bend = 2 * np.array([x + out, y - rng.uniform(0.1, 0.45)]) - 0.5 * start - 0.5 * end
        path = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
        path[:, 0] += 0.03 * np.sin(6 * t[:, 0] + rng.uniform(0, 6))
        places = np.round((np.asarray(body.neck) + path * body.unit) * 16).astype(np.int32)
        thick = max(1, round(body.unit * rng.uniform(0.02, 0.09)))
        cv2.polylines(layer, [places], False, int(rng.integers(225, 256)), thick, cv2.LINE_AA, 4)
    shine = 0.8 + 0.5 * np.abs(np.sin(9 * body.x + 2 * np.sin(2 * body.y)))
    body.cover(layer.astype(np.float32) / 255, hair * shine[..., None])


def draw_scene(rng: np.random.Generator, kind: str, height: int = 320) -> tuple[np.ndarray, np.ndarray]:
    """A picture uint8 [height,width,3] of one of KINDS and its matte float32 [height,width] in 0..1."""
    dark, two, width = kind == KINDS[4], kind == KINDS[3], int(height * rng.choice([0.75, 1.0, 1.33]))
    view = {KINDS[0]: 0, KINDS[1]: 1, KINDS[2]: 2, KINDS[3]: rng.integers(1, 3), KINDS[4]: rng.integers(2)}[kind]
    unit = height * rng.uniform(*((0.28, 0.38), (0.17, 0.24), (0.1, 0.13))[view])
    high = height * rng.uniform(*((0.55, 0.7), (0.34, 0.48), (0.17, 0.24))[view])
    unit = min(unit, width / (4 if two else 3))
    rgb = ground(rng, height, width, dark=dark)
    matte = np.zeros((height, width), np.float32)
    for middle in (0.3, 0.7) if two else (0.5,):
        neck = ((middle + rng.normal(0, 0.04)) * width, high + rng.normal(0, 0.02) * height)
        draw(Body(rng, rgb, matte, neck, unit * rng.uniform(0.92, 1.08)), dark=dark)
    rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.2)) * rng.uniform(0.75, 1.05)
    rgb = rgb + rng.normal(0, rng.uniform(0, 6), rgb.shape)
    return rgb.clip(0, 255).astype(np.uint8), matte
