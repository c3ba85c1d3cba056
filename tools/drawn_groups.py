"""Drawn pictures of one, two, three people or nobody, with their mattes: what the sample matting is fitted on."""

from __future__ import annotations

import cv2
import numpy as np

from tools.drawn_figure import Figure
from tools.drawn_people import draw_person
from tools.drawn_scenes import backdrop, noise, pattern, wall
from tools.drawn_things import draw_thing
from tools.sketch import photograph

# Height of a head as a share of the picture's, and how high the neck is: for head and shoulders, half and full figures.
VIEWS = ((0.26, 0.52, 0.42, 0.85), (0.14, 0.28, 0.25, 0.55), (0.085, 0.135, 0.16, 0.32))
KINDS = (0.24, 0.25, 0.33)  # the rest are scenes with nobody
THINGS = 0.5  # of which so many show a thing
BLUR = (0.05, 0.8)  # px, of the whole picture
STILL = 0.2  # of the backdrops are one colour, more or less


def plain(rng: np.random.Generator, side: int) -> np.ndarray:
    """A studio: one colour, light from somewhere, perhaps a floor."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    rgb = np.empty((side, side, 3), np.float32)
    rgb[:] = rng.uniform(0, 255) + rng.normal(0, 25, 3) if rng.random() < 0.6 else rng.uniform(0, 255, 3)
    light = 1 + rng.uniform(-0.5, 0.5) * (x - 0.5) + rng.uniform(-0.5, 0.5) * (y - 0.5)
    spot = np.exp(-((x - rng.random()) ** 2 + (y - rng.random()) ** 2) / rng.uniform(0.1, 1))
    rgb = rgb * light[..., None] + rng.uniform(-60, 60) * spot[..., None] * (rng.random() < 0.5)
    if rng.random() < 0.3:
        rgb = np.where((y > rng.uniform(0.6, 0.95))[..., None], rgb * rng.uniform(0.6, 1.2), rgb)
    return np.clip(rgb, 0, 255)


def room(rng: np.random.Generator, side: int) -> np.ndarray:
    """A wall and a floor, with furniture, frames, posts, plants."""
    rgb, floor = plain(rng, side), int(side * rng.uniform(0.55, 0.9))
    rgb[floor:] = (
        pattern(rng, side - floor, side) * rng.uniform(0.3, 0.9) if rng.random() < 0.5 else rng.uniform(20, 220, 3)
    )
    rgb = np.ascontiguousarray(rgb, np.float32)
    for _ in range(rng.integers(1, 9)):
        wide, tall = (side * rng.uniform(0.03, 0.4, 2)).astype(int)
        x, y = int(rng.integers(side)), int(rng.integers(-tall, floor)) if rng.random() < 0.5 else floor - tall
        colour = (rng.uniform(0, 255) + rng.normal(0, 30, 3)).clip(0, 255).tolist()
        cv2.rectangle(rgb, (x, y), (x + wide, y + tall), colour, -1)
        cv2.rectangle(rgb, (x, y), (x + wide, y + tall), [c * 0.6 for c in colour], int(rng.integers(1, 4)))
    return rgb


def ground(rng: np.random.Generator, side: int) -> np.ndarray:
    """float32 [side,side,3]: where people may stand, blurred now and then as by a wide lens."""
    kind = rng.random()
    if kind < STILL:
        rgb = plain(rng, side)
    elif kind < 0.5:
        rgb = room(rng, side)
    elif kind < 0.6:
        rgb = wall(rng, side, side)
    else:
        rgb = backdrop(rng, side)
    if rng.random() < 0.5:
        rgb = cv2.GaussianBlur(rgb, (0, 0), side * rng.uniform(0.003, 0.04))
    if rng.random() < 0.15:
        rgb = rgb * rng.uniform(0.05, 0.4)
    return np.clip(rgb, 0, 255).astype(np.float32)


def place(rng: np.random.Generator, side: int, view: int, middle: float, stretch: float) -> Figure:
    least, most, high, low = VIEWS[view]
    size = rng.uniform(least, most)
    return Figure(rng, side, (middle * side, rng.uniform(high, low) * side), size * side, stretch)


def people(rng: np.random.Generator, side: int) -> list[Figure]:
    kind = rng.random()
    view = int(np.searchsorted(np.cumsum(KINDS), kind))
    if view == len(KINDS):
        return []
    count = int(rng.choice([1, 2, 3], p=[[0.8, 0.2, 0], [0.6, 0.3, 0.1], [0.55, 0.3, 0.15]][view]))
    stretch = float(np.exp(rng.normal(0, 0.25)))
    stretch = stretch * 0.75 if count > 1 else stretch
    middles = (np.arange(count) + 0.5) / count + rng.normal(0, 0.08 if count > 1 else 0.13, count)
    size = None
    figures = []
    for middle in middles:
        figure = place(rng, side, view, float(middle), stretch)
        size = size or figure.head
        figure.head = size * rng.uniform(0.8, 1.2)
        draw_person(figure, sitting=view == 2 and rng.random() < 0.25)
        figures.append(figure)
    return figures


def cast_shadow(rng: np.random.Generator, rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What is behind, darkened by the person's blurred and moved shape."""
    side = len(rgb)
    move = np.float32([[1, 0, rng.normal(0, 0.05) * side], [0, 1, rng.uniform(-0.01, 0.05) * side]])
    shadow = cv2.GaussianBlur(cv2.warpAffine(alpha, move, (side, side)), (0, 0), side * rng.uniform(0.01, 0.06))
    return rgb * (1 - rng.uniform(0.0, 0.5) * shadow[..., None])


def compose(rng: np.random.Generator, figures: list[Figure], behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rgb, matte = behind, np.zeros(behind.shape[:2], np.float32)
    blur, glow = rng.uniform(0.25, 0.6), rng.uniform(0.5, 1.3)
    for figure in figures:
        alpha = cv2.GaussianBlur(figure.alpha, (0, 0), blur)
        paint = cv2.GaussianBlur(figure.paint, (0, 0), blur) * glow
        if rng.random() < 0.5:
            rgb = cast_shadow(rng, rgb, alpha)
        rgb = rgb * (1 - alpha[..., None]) + np.clip(paint, 0, 255)
        matte = matte + alpha * (1 - matte)
    return rgb, matte


def draw_group(rng: np.random.Generator, side: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """A picture uint8 [side,side,3] and two mattes uint8 [side,side,2]: people, and people or things.

    Both are empty where a crowded backdrop is all there is.
    """
    behind, figures = ground(rng, side), people(rng, side)
    if figures and rng.random() < 0.25:
        behind = as_dark_as_hair(rng, figures[0], behind)
    thing = not figures and rng.random() < THINGS
    if thing:
        behind = (
            plain(rng, side) if rng.random() < 0.5 else cv2.GaussianBlur(behind, (0, 0), side * rng.uniform(0.02, 0.05))
        )
        figures = [
            Figure(
                rng,
                side,
                tuple(rng.normal(0.5, 0.06, 2) * side),
                rng.uniform(0.15, 0.4) * side,
                np.exp(rng.normal(0, 0.2)),
            )
        ]
        draw_thing(figures[0])
    rgb, matte = compose(rng, figures, np.clip(behind, 0, 255))
    if rng.random() < 0.15:
        rgb = np.clip(rgb, 0, 255) * rng.uniform(0.4, 0.8)
    shown = photograph(np.clip(rgb, 0, 255), rng, BLUR)
    if rng.random() < 0.3:
        quality = int(rng.integers(30, 90))
        shown = cv2.imdecode(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    mattes = np.dstack([matte * (not thing), matte])
    return shown, np.round(np.clip(mattes, 0, 1) * 255).astype(np.uint8)


def as_dark_as_hair(rng: np.random.Generator, figure: Figure, behind: np.ndarray) -> np.ndarray:
    """What is behind, nearly in the darkest colour of a person."""
    colours = figure.paint[figure.alpha > 0.9]
    dark = colours[np.argsort(colours.sum(1))[: 1 + len(colours) // 5]].mean(0) if len(colours) else 30.0
    grain = noise(rng, *behind.shape[:2], 64)[..., None]
    return behind * rng.uniform(0, 0.25) + dark * rng.uniform(0.4, 1.1) + 10 * grain
