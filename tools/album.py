"""The training pictures of the sample face model, and the patches cut from them."""

from __future__ import annotations

import math

import cv2
import numpy as np

from tools.drawn_faces import draw_portrait
from tools.drawn_scenes import backdrop, no_face, scene
from tools.photos import aligned_faces, cutting, faceless
from tools.sketch import CANVAS, FACE

PATCH = 48  # px cut out for a detector window of 30, so that local contrast sees its surroundings
WIDE = 18.0  # px, width of the face in the window
CROP = 40  # px, input of the landmark network
CROP_FACES = 1.4  # width of the crop in face widths
CLOSE = 1200  # pictures kept at full size too, for windows that see only a part of a face
EDGE = 0.2  # share of patches at the border of the picture
PIXEL_MEAN = (123, 116, 103)  # RGB, what lies beyond the border


class Album:
    """The pictures at half size, and the patches cut from them; with photos only when asked for."""

    def __init__(self, rng: np.random.Generator, count: int, photos: bool = False) -> None:
        self.rng = rng
        self.views = faceless() if photos else []
        self.portraits = [half(rgb) for rgb in aligned_faces()] if photos else []
        drawn = [draw_portrait(rng, self.behind()) for _ in range(count)]
        self.faces = [half(rgb) for rgb, _ in drawn]
        self.points = [points / 2 for _, points in drawn]
        self.close = [rgb for rgb, _ in drawn[:CLOSE]] + (aligned_faces() * (CLOSE // 30) if photos else [])
        self.others = [half(self.without_face()) for _ in range(count)]
        self.hard: list[np.ndarray] = []

    def behind(self) -> np.ndarray:
        if self.views and self.rng.random() < 0.35:
            return cutting(self.rng, self.views).astype(np.float32)
        return backdrop(self.rng)

    def without_face(self) -> np.ndarray:
        if self.views and self.rng.random() < 0.25:
            return cutting(self.rng, self.views)
        return no_face(self.rng)

    def view(self) -> np.ndarray:
        """A whole picture without a face."""
        if self.views and self.rng.random() < 0.4:
            return self.any_of(self.views)
        return scene(self.rng)

    def person(self) -> np.ndarray:
        """A drawn face, a photographed one in other light, or the two blended."""
        drawn = self.any_of(self.faces)
        if not self.portraits or self.rng.random() > 0.25:
            return drawn
        photo = self.relit(self.any_of(self.portraits))
        share = self.rng.uniform(0.4, 0.75) if self.rng.random() < 0.6 else 1.0
        return cv2.addWeighted(photo, share, drawn, 1 - share, 0)

    def relit(self, rgb: np.ndarray) -> np.ndarray:
        rng = self.rng
        light = rng.normal(1, 0.05, 3) * rng.uniform(0.45, 1.15)
        lit = np.clip(rgb / 255 * light + rng.uniform(-0.05, 0.12), 0, 1) ** np.exp(rng.normal(0, 0.25))
        return (lit * 255).astype(np.uint8)[:, :: rng.choice([-1, 1])]

    def matrix(self, scale: float, turn: float, move: np.ndarray, side: int) -> np.ndarray:
        middle = CANVAS / 4 - 0.25
        m = cv2.getRotationMatrix2D((middle, middle), turn, scale)
        m[:, 2] += (side - 1) / 2 + move - middle
        return m

    def cut(self, rgb: np.ndarray, m: np.ndarray, side: int) -> np.ndarray:
        soft = cv2.GaussianBlur(rgb, (3, 3), self.rng.uniform(0.3, 0.9))
        return cv2.warpAffine(soft, m, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def bordered(self, patch: np.ndarray) -> np.ndarray:
        """Now and then with the mean colour from one side up to about where the face begins."""
        rng = self.rng
        if rng.random() < EDGE:
            patch = np.rot90(patch, turns := int(rng.integers(4))).copy()
            patch[: int(rng.integers(4, 13))] = PIXEL_MEAN
            patch = np.ascontiguousarray(np.rot90(patch, -turns))
        return patch

    def any_of(self, pictures: list[np.ndarray]) -> np.ndarray:
        return pictures[self.rng.integers(len(pictures))]

    def face(self) -> tuple[np.ndarray, np.ndarray]:
        """A detector patch with a face, and offset x, y and log width as the network states them."""
        rng = self.rng
        move, grow = rng.uniform(-2.6, 2.6, 2), rng.uniform(-0.13, 0.13)
        m = self.matrix(WIDE * 2 / FACE * math.exp(grow), rng.normal(0, 9), move, PATCH)
        return self.bordered(self.cut(self.person(), m, PATCH)), np.array([*move / (WIDE / 4), grow * 4])

    def other(self) -> np.ndarray:
        """A detector patch without a face, or with one that is elsewhere, of another size, upside down, or in part."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.4 and self.hard:
            return self.any_of(self.hard)[:, :: rng.choice([-1, 1])]
        if kind < 0.65:
            scale = WIDE * 2 / FACE * math.exp(rng.uniform(-0.4, 0.8))
            m = self.matrix(scale, rng.normal(0, 20), rng.uniform(-6, 6, 2), PATCH)
            return self.bordered(self.cut(self.any_of(self.others), m, PATCH))
        if kind < 0.75:
            return self.part()
        return self.bordered(self.cut(self.person(), self.misplaced(), PATCH))

    def part(self) -> np.ndarray:
        """An eye, a mouth, a cheek: a window two and a half to six times smaller than the face."""
        rng, scale = self.rng, WIDE / FACE * math.exp(self.rng.uniform(0.9, 1.8))
        turn, middle = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), self.rng.normal(0, 10), scale), PATCH / 2
        turn[:, 2] += middle - CANVAS / 2 + rng.uniform(-0.55, 0.55, 2) * FACE * scale
        return self.relit(self.cut(self.any_of(self.close), turn, PATCH))

    def misplaced(self) -> np.ndarray:
        rng, kind = self.rng, self.rng.random()
        move, grow, turn = rng.uniform(-4, 4, 2), 0.0, rng.normal(0, 10)
        if kind < 0.55:
            way = rng.uniform(0, 2 * math.pi)
            move, grow = rng.uniform(8, 18) * np.array([math.cos(way), math.sin(way)]), rng.uniform(-0.3, 0.5)
        elif kind < 0.9:
            grow = rng.choice([-1, 1]) * rng.uniform(0.5, 1.1)
        else:
            turn += 180
        return self.matrix(WIDE * 2 / FACE * math.exp(grow), turn, move, PATCH)

    def crop(self) -> tuple[np.ndarray, np.ndarray]:
        """A landmark crop and its ten numbers."""
        rng, i = self.rng, self.rng.integers(len(self.faces))
        scale = CROP / (CROP_FACES * FACE / 2) * math.exp(rng.uniform(-0.15, 0.15))
        m = self.matrix(scale, rng.normal(0, 10), rng.uniform(-3.5, 3.5, 2), CROP)
        points = self.points[i] @ m[:, :2].T + m[:, 2]
        return self.cut(self.faces[i], m, CROP), ((points + 0.5) / CROP - 0.5).ravel()


def half(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
