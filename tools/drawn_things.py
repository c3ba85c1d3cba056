"""Procedurally drawn things and animals: what the portrait matting must not keep, and the universal one must."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tools.drawn_figure import Figure, cloth, limb, oval


def draw_thing(figure: Figure) -> None:
    """One thing about two heads high around the figure's place."""
    rng = figure.rng
    draw = (vessel, animal, plant, furniture, heap)[rng.integers(5)]
    draw(figure, cloth(rng, figure.side))


def vessel(figure: Figure, colour: np.ndarray) -> None:
    """A bottle, a vase, a cup, a lamp: widths stacked on an axis."""
    rng = figure.rng
    heights = np.sort(rng.uniform(-1, 1, 6))
    widths = rng.uniform(0.15, 0.8, 6)
    side = np.stack([widths, heights], 1)
    figure.part([np.concatenate([side, side[::-1] * [-1, 1]])], colour, soft=0.02)
    if rng.random() < 0.5:
        figure.part([oval(widths[2], 0, 0.4, 0.4), oval(widths[2], 0, 0.25, 0.25)], colour * 0.8)
    if rng.random() < 0.5:
        figure.part([oval(0, rng.uniform(-0.5, 0.5), widths.min(), 0.2, power=0.5)], rng.uniform(0, 255, 3))


def animal(figure: Figure, colour: np.ndarray) -> None:
    rng, way = figure.rng, figure.rng.choice([-1, 1])
    fur = colour if rng.random() < 0.3 else rng.uniform(20, 240) * rng.uniform([0.8, 0.6, 0.4], 1.0, 3)
    long, high, leg = rng.uniform(0.6, 1.2), rng.uniform(0.3, 0.5), rng.uniform(0.3, 1.0)
    for x in (-0.8, -0.55, 0.5, 0.75):
        figure.part(limb((x * long, 0.1), (x * long + rng.normal(0, 0.1), high + leg), 0.16, 0.08), fur * 0.85)
    figure.part(limb((-way * long, -0.1), (-way * (long + 0.5), rng.uniform(-0.8, 0.4)), 0.09, 0.05), fur, soft=0.02)
    figure.part([oval(0, 0, long, high)], fur, soft=0.03)
    x, y, size = way * long, -high - rng.uniform(-0.1, 0.5), rng.uniform(0.25, 0.45)
    figure.part([*limb((way * long * 0.7, 0), (x, y), 0.3, 0.2), oval(x, y, size, size * 0.9)], fur, soft=0.02)
    figure.part([oval(x + s * size * 0.6, y - size, 0.1, rng.uniform(0.12, 0.4)) for s in (-1, 1)], fur * 0.8)
    figure.part([oval(x + s * size * 0.4, y - 0.05, 0.05, 0.05) for s in (-1, 1)], np.array([15.0, 12, 10]))
    figure.part([oval(x + way * size * 0.5, y + 0.15, 0.08, 0.06)], fur * 0.3)


def plant(figure: Figure, colour: np.ndarray) -> None:
    rng, green = figure.rng, figure.rng.uniform([20, 70, 10], [120, 190, 90])
    for _ in range(int(rng.integers(6, 25))):
        far = (rng.normal(0, 0.6), rng.uniform(-1.2, 0.1))
        figure.part(limb((0, 0.4), far, 0.05, rng.uniform(0.05, 0.2)), green * rng.uniform(0.5, 1.2))
    figure.part([np.array([(-0.4, 0.3), (0.4, 0.3), (0.3, 1.0), (-0.3, 1.0)])], colour)


def furniture(figure: Figure, colour: np.ndarray) -> None:
    """A chair, a table, a guitar, a bicycle: bars and boards."""
    rng = figure.rng
    corners = [tuple(rng.uniform(-1, 1, 2)) for _ in range(int(rng.integers(3, 7)))]
    for one, other in pairwise(corners):
        figure.part(limb(one, other, rng.uniform(0.06, 0.3), rng.uniform(0.06, 0.2)), colour * rng.uniform(0.6, 1.1))
    if rng.random() < 0.6:
        figure.part([oval(*corners[0], *rng.uniform(0.2, 0.7, 2), power=0.5)], cloth(rng, figure.side))


def heap(figure: Figure, colour: np.ndarray) -> None:
    """Fruit, balls, boxes, a car: round things together."""
    rng = figure.rng
    for _ in range(int(rng.integers(1, 5))):
        x, y = rng.normal(0, 0.35, 2)
        shape = oval(x, y, *rng.uniform(0.3, 0.9, 2), rng.uniform(0, 3), rng.choice([0.3, 0.6, 1.0]))
        figure.part([shape], colour if rng.random() < 0.5 else rng.uniform(0, 255, 3))
