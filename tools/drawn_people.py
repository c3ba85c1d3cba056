"""Procedurally drawn people of any pose, clothes and size: what the sample matting is fitted on."""

from __future__ import annotations

import numpy as np

from tools.drawn_figure import Figure, Point, cloth, limb, oval, toward
from tools.drawn_heads import Looks, hair_behind, head, locks, looks


def draw_person(figure: Figure, *, sitting: bool = False) -> None:
    """One whole person on the figure's canvas; what lies outside of it is cut off."""
    rng, wear = figure.rng, looks(figure.rng, figure.side)
    lean = rng.normal(0, 0.12)
    hips = (lean + 0.0, rng.uniform(2.2, 2.7))
    face = (rng.normal(0, 0.08) - 0.1 * lean, -0.62)
    if rng.random() < 0.12:
        bag(figure)
    long_hair = rng.random() < 0.5
    if long_hair:
        hair_behind(figure, face, wear)
    arms = [arm(figure, wear, side) for side in (-1, 1)]
    for far in arms:
        if rng.random() < 0.3:
            sleeve(figure, wear, far)
    legs(figure, wear, hips, sitting=sitting)
    torso(figure, wear, hips)
    for near in arms:
        sleeve(figure, wear, near)
    head(figure, face, wear)
    if long_hair and rng.random() < 0.5:
        locks(figure, face, wear)


def bag(figure: Figure) -> None:
    wide, low = figure.rng.uniform(0.5, 1.1), figure.rng.uniform(1.4, 2.4)
    figure.part([oval(0, 0.5 * low + 0.1, wide, 0.5 * low, power=0.5)], figure.rng.uniform(0, 160, 3))


def torso(figure: Figure, wear: Looks, hips: Point) -> None:
    rng, s, w, h = figure.rng, wear.shoulder, wear.waist, wear.hip
    neck = rng.uniform(0.2, 0.3)
    figure.part(limb((0, -0.5), (0, 0.2), neck, neck * 1.15), wear.skin * rng.uniform(0.6, 0.95))
    x, y = hips
    low = y + rng.uniform(0.0, 0.5)
    drop, collar = rng.uniform(0.1, 0.35), rng.uniform(0.0, 0.45)
    right = [(neck, -0.05), (s * 0.85, drop), (s, drop + 0.25), (w + x / 2, 1.5), (h + x, y), (h + x, low)]
    left = [(-h + x, low), (-h + x, y), (-w + x / 2, 1.5), (-s, drop + 0.25), (-s * 0.85, drop), (-neck, -0.05)]
    figure.part([np.array([*right, *left, (0, collar)])], wear.top, soft=0.02)
    if rng.random() < 0.25:
        open_coat(figure, wear, y)


def open_coat(figure: Figure, wear: Looks, low: float) -> None:
    """Two flaps that hang from the shoulders, another colour than what is under them."""
    rng, colour = figure.rng, cloth(figure.rng, figure.side)
    end = low + rng.uniform(-0.5, 2.0)
    for side in (-1, 1):
        flap = [(0.2, -0.05), (wear.shoulder * 0.9, 0.15), (wear.hip + 0.2, low), (wear.hip + 0.3, end), (0.35, end)]
        figure.part([np.array(flap) * [side, 1]], colour, soft=0.02)


def arm(figure: Figure, wear: Looks, side: int) -> tuple[Point, Point, Point, float]:
    """Shoulder, elbow, hand, and how far the sleeve reaches: 0 none, 1 to the elbow, 2 to the hand."""
    rng, shoulder = figure.rng, (side * wear.shoulder * 0.88, 0.36)
    upper, lower = rng.uniform(1.1, 1.4), rng.uniform(1.0, 1.3)
    kind = rng.random()
    if kind < 0.4:
        first, second = rng.normal(10, 7), rng.normal(5, 12)
    elif kind < 0.55:
        first, second = rng.uniform(30, 60), rng.uniform(-70, -30)  # hand on the hip
    elif kind < 0.7:
        first, second = rng.uniform(0, 30), rng.uniform(-110, -70)  # before the chest
    elif kind < 0.85:
        first, second = rng.uniform(90, 170), rng.uniform(110, 200)  # raised
    else:
        first, second = rng.uniform(0, 120), rng.uniform(0, 180)
    elbow = toward(shoulder, side * first, upper)
    reach = float(rng.choice([0, 0.5, 1, 2], p=[0.15, 0.2, 0.15, 0.5]))
    return shoulder, elbow, toward(elbow, side * second, lower), reach


def sleeve(figure: Figure, wear: Looks, bent: tuple[Point, Point, Point, float]) -> None:
    shoulder, elbow, hand, reach = bent
    a, thin = wear.arm, wear.arm * 0.62
    palm = toward(hand, np.degrees(np.arctan2(hand[0] - elbow[0], hand[1] - elbow[1])), 0.22)
    figure.part([*limb(elbow, hand, thin * 1.2, thin), *limb(hand, palm, thin * 1.1, 0.12)], wear.skin)
    upper = [*limb(shoulder, elbow, a, a * 0.8)]
    if reach < 1:
        figure.part(upper, wear.skin)
    if reach == 0.5:
        middle = (shoulder[0] * 0.5 + elbow[0] * 0.5, shoulder[1] * 0.5 + elbow[1] * 0.5)
        figure.part(limb(shoulder, middle, a * 1.15, a * 1.1), wear.top)
    elif reach >= 1:
        figure.part(upper + (limb(elbow, hand, a * 0.85, a * 0.65) if reach == 2 else []), wear.top)


def legs(figure: Figure, wear: Looks, hips: Point, *, sitting: bool) -> None:
    rng, thick = figure.rng, wear.leg
    apart, bare = rng.normal(6, 9), rng.random() < 0.25
    skirt = rng.random() < 0.25
    for side in (-1, 1):
        top = (hips[0] + side * (wear.hip - thick * 0.9), hips[1])
        if sitting:
            thigh, shin = side * rng.uniform(20, 95), side * rng.uniform(-15, 10)
            knee = toward(top, thigh, rng.uniform(0.7, 1.6))
        else:
            thigh, shin = side * apart + rng.normal(0, 8), side * apart * 0.7 + rng.normal(0, 8)
            knee = toward(top, thigh, rng.uniform(1.6, 2.0))
        foot = toward(knee, shin, rng.uniform(1.6, 2.0))
        shape = [*limb(top, knee, thick, thick * 0.7), *limb(knee, foot, thick * 0.72, thick * 0.45)]
        figure.part(shape, wear.skin if bare or skirt else wear.bottom)
        if bare:
            figure.part(limb(top, knee, thick * 1.15, thick * 0.95), wear.bottom)
        shoe = oval(foot[0] + side * rng.uniform(0, 0.2), foot[1] + 0.12, rng.uniform(0.18, 0.4), 0.15)
        figure.part([shoe], wear.shoes)
    if skirt:
        x, y = hips
        low, wide = y + rng.uniform(0.9, 3.2), wear.hip + rng.uniform(0, 0.9)
        hem = [(x - wear.hip * 0.9, y - 0.4), (x + wear.hip * 0.9, y - 0.4), (x + wide, low), (x - wide, low)]
        figure.part([np.array(hem)], wear.bottom, soft=0.02)
