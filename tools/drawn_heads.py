"""What drawn people look like, and their heads: hair, faces, hats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.drawn_faces import HAIRS, SKINS
from tools.drawn_figure import Figure, Point, cloth, limb, oval
from tools.sketch import pick


@dataclass(frozen=True)
class Looks:
    """What one person wears and how they are built."""

    skin: np.ndarray
    hair: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    shoes: np.ndarray
    shoulder: float
    waist: float
    hip: float
    arm: float
    leg: float


def looks(rng: np.random.Generator, side: int) -> Looks:
    top = cloth(rng, side)
    return Looks(
        skin=pick(rng, SKINS, 8),
        hair=pick(rng, HAIRS, 8) if rng.random() < 0.9 else rng.uniform(0, 255, 3),
        top=top,
        bottom=top if rng.random() < 0.2 else cloth(rng, side),
        shoes=rng.uniform(0, 1) ** 2 * rng.uniform(60, 255, 3),
        shoulder=rng.uniform(0.68, 1.0),
        waist=rng.uniform(0.45, 0.8),
        hip=rng.uniform(0.55, 0.85),
        arm=rng.uniform(0.14, 0.24),
        leg=rng.uniform(0.22, 0.36),
    )


def hair_behind(figure: Figure, face: Point, wear: Looks) -> None:
    rng, (x, y) = figure.rng, face
    wide, low = rng.uniform(0.42, 0.75), y + rng.uniform(0.5, 1.6)
    figure.part(
        [oval(x, y - 0.05, wide, 0.6), oval(x, (y + low) / 2, wide * 1.05, (low - y) / 2 + 0.1, power=0.6)],
        wear.hair,
        soft=0.02,
    )
    strands(figure, x, low - 0.3, wide, wear.hair)


def strands(figure: Figure, x: float, y: float, wide: float, hair: np.ndarray) -> None:
    """Loose hair around an outline."""
    rng = figure.rng
    for _ in range(int(rng.integers(0, 7))):
        side = rng.choice([-1, 1])
        start = np.array([x + side * wide * 0.8, y + rng.uniform(-1.0, 0.3)])
        bend = start + np.array([side * rng.uniform(0.0, 0.35), rng.uniform(0.1, 0.4)])
        end = bend + np.array([side * rng.uniform(-0.2, 0.3), rng.uniform(0.1, 0.5)])
        shape = np.stack([start, bend, end, bend + np.array([0.05, 0.0])])
        figure.part([shape], hair, soft=0.01, strength=rng.uniform(0.3, 1))


def head(figure: Figure, face: Point, wear: Looks) -> None:
    rng, (x, y) = figure.rng, face
    wide, grown = rng.uniform(0.33, 0.41), rng.uniform(0.0, 0.12)
    style = rng.random()
    if style < 0.85:  # hair around the skull, else bald
        up = rng.uniform(0.44, 0.62) + (rng.uniform(0.1, 0.4) if style < 0.1 else 0)
        figure.part([oval(x, y - 0.12, wide + grown + (up - 0.5) * 0.8, up)], wear.hair, soft=0.025)
    if style > 0.75:
        figure.part([oval(x, y - 0.6, 0.2, 0.18)], wear.hair, soft=0.02, strength=float(style < 0.85))
    figure.part([oval(x + s * wide, y + 0.05, 0.06, 0.12) for s in (-1, 1)], wear.skin * 0.85)
    figure.part([oval(x, y + 0.02, wide, 0.48, power=rng.uniform(0.8, 1.0))], wear.skin)
    if figure.head > 12:
        features(figure, face, wide, wear)
    if style < 0.75:
        fringe(figure, face, wide, wear)
    if rng.random() < 0.2:
        hat(figure, face, wide)


def features(figure: Figure, face: Point, wide: float, wear: Looks) -> None:
    rng, (x, y) = figure.rng, face
    dark, turn = np.minimum(wear.hair, wear.skin * 0.5), rng.normal(0, 0.06)
    eye, glass = y - 0.02, rng.random()
    for s in (-1, 1):
        figure.disc(x + turn + s * 0.16, eye, 0.08, 0.035, dark * 0.6, strength=0.9)
        figure.disc(x + turn + s * 0.16, eye - 0.11, 0.1, 0.02, dark, strength=rng.uniform(0.3, 1))
        if glass < 0.15:
            figure.disc(x + turn + s * 0.16, eye, 0.14, 0.1, rng.uniform(0, 60, 3), strength=rng.uniform(0.3, 1))
    figure.disc(x + turn * 1.5, y + 0.14, 0.06, 0.05, wear.skin * 0.75, soft=0.02, strength=rng.uniform(0.2, 0.9))
    figure.disc(x + turn, y + 0.28, rng.uniform(0.08, 0.15), rng.uniform(0.02, 0.06), wear.skin * [0.8, 0.5, 0.5])
    if rng.random() < 0.2:
        figure.part([oval(x, y + 0.36, wide * 0.85, 0.18)], wear.hair, soft=0.03, strength=rng.uniform(0.3, 1))


def fringe(figure: Figure, face: Point, wide: float, wear: Looks) -> None:
    rng, (x, y) = figure.rng, face
    part, low = rng.uniform(-0.2, 0.2), y - rng.uniform(0.18, 0.36)
    left, right = ((x + s * (wide + 0.06), y - rng.uniform(-0.1, 0.3)) for s in (-1, 1))
    top = [(x + wide * 0.9, y - 0.42), (x, y - 0.54), (x - wide * 0.9, y - 0.42)]
    figure.part([np.array([left, (x + part, low), right, *top])], wear.hair, soft=0.015)


def hat(figure: Figure, face: Point, wide: float) -> None:
    rng, (x, y), colour = figure.rng, face, cloth(figure.rng, figure.side)
    brim, tall = y - rng.uniform(0.18, 0.32), rng.uniform(0.3, 0.6)
    crown = [
        (x - wide - 0.07, brim),
        (x - wide * 0.8, brim - tall),
        (x + wide * 0.8, brim - tall),
        (x + wide + 0.07, brim),
    ]
    figure.part([np.array(crown) + np.array([x, 0])], colour, soft=0.03)
    if rng.random() < 0.6:
        figure.disc(x + rng.choice([-0.3, 0, 0.3]), brim, rng.uniform(0.4, 0.9), rng.uniform(0.05, 0.12), colour * 0.8)


def locks(figure: Figure, face: Point, wear: Looks) -> None:
    """Long hair that falls over the shoulders."""
    rng, (x, y) = figure.rng, face
    for side in (-1, 1):
        end = y + rng.uniform(0.8, 1.9)
        shape = limb((x + side * 0.4, y), (x + side * rng.uniform(0.3, 0.6), end), rng.uniform(0.08, 0.2), 0.06)
        figure.part(shape, wear.hair, soft=0.02)
        strands(figure, x, end - 0.3, 0.55, wear.hair)
