"""Where the head is, from the outline of a person, checked against the face where somebody has found it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from models.finish.cutout import is_empty
from models.media.images import shrink

SEARCH_SIDE = 512
# Of the radius of the largest circle within the figure: arms and fingers are thinner, heads are not.
LIMB = 0.35
FOREHEAD = 0.35  # the head is measured this far below the crown, in its own widths: long hair is not yet wide there
HEAD_HEIGHT = 1.3  # crown to chin, in widths of the forehead with its hair
NECK_RANGE = (0.8, 1.5)  # where the neck is looked for below the crown, in head heights
NECK_DEPTH = 1.12  # head and shoulders are wider than the neck by at least this
NECK_EVEN = 1.05  # rows up to this much wider than the narrowest are the neck
CHIN = 0.93  # of the way from the crown to the middle of the neck
# Of 68 landmarks, and what a face tells of its head: the eyes lie half way between chin and crown, hair lies above.
CHIN_POINT, NOSE_POINT, EYE_POINTS, JAW = 8, 30, slice(36, 48), (0, 16)
CROWN_ABOVE_EYES = 1.1  # of the way from the eyes to the chin
# Outline and face may differ by this much of the head's height: a beard, a veil or a bun is more, a hairdo is not.
FACE_TOLERANCE = 0.15

Told = Literal["outline", "both", "face"]
FindFaces = Callable[[np.ndarray], Sequence[np.ndarray]]  # photo RGB uint8 → 68 points [68,2] of each face


@dataclass(frozen=True)
class Head:
    """Rows of crown and chin and the middle column, in pixels of the photo. Not `sure` where hair hides the neck or
    the photo ends at the crown: then the chin is an estimate. `told` by the outline alone, by both where a face agrees
    with it, or by the face where it does not."""

    crown: float
    chin: float
    middle: float
    sure: bool
    told: Told = "outline"


def find_head(matte: np.ndarray) -> Head | None:
    """The head of the person that `matte` (float32 [H,W] in 0..1) keeps; None when nobody is there."""
    if is_empty(matte):
        return None
    small = shrink(matte, SEARCH_SIDE)
    scale = matte.shape[0] / small.shape[0]
    figure = _largest(small > 0.5)
    if not figure.any():
        return None
    crown, column = _crown(figure)
    runs = _runs(figure, crown, column)
    height, forehead = _height(runs)
    neck = _neck(runs[:, 1] - runs[:, 0], height)
    middle = float(runs[: forehead + 1].mean())
    height = height if neck is None else CHIN * neck
    return Head(crown * scale, (crown + height) * scale, middle * scale, neck is not None and crown > 0)


def against_faces(head: Head, faces: Sequence[np.ndarray], matte: np.ndarray) -> Head:
    """The head, corrected where it disagrees with the largest of `faces` that lies on the person of `matte`: beards and
    long hair hide a chin, big hair and raised arms hide a crown, a second person moves the middle. A chin that the
    outline only guesses is always the face's."""
    own = [points for points in faces if _lies_on(points, matte)]
    if not own:
        return head
    points = max(own, key=_reach)
    reach, eyes = _reach(points), float(points[EYE_POINTS, 1].mean())
    seen = eyes - CROWN_ABOVE_EYES * reach, eyes + reach, float(points[JAW, 0].mean())
    near = FACE_TOLERANCE * (1 + CROWN_ABOVE_EYES) * reach
    outlined, allowed = (head.crown, head.chin, head.middle), (near, near if head.sure else 0.0, near)
    crown, chin, middle = (b if abs(a - b) > limit else a for a, b, limit in zip(outlined, seen, allowed, strict=True))
    agreed = (crown, chin, middle) == outlined
    return replace(head, crown=crown, chin=chin, middle=middle, sure=crown > 0, told="both" if agreed else "face")


def _reach(points: np.ndarray) -> float:
    """From the eyes down to the chin, at least a pixel."""
    return max(1.0, float(points[CHIN_POINT, 1] - points[EYE_POINTS, 1].mean()))


def _lies_on(points: np.ndarray, matte: np.ndarray) -> bool:
    column, row = points[NOSE_POINT].astype(int)
    return 0 <= row < matte.shape[0] and 0 <= column < matte.shape[1] and bool(matte[row, column] > 0.5)


def _largest(solid: np.ndarray) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8), connectivity=4)
    if len(stats) == 1:
        return solid
    return np.equal(labels, 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def _crown(figure: np.ndarray) -> tuple[int, int]:
    """Row and column of the top of the head: raised arms are taken off first, then the way goes straight up."""
    framed = np.pad(figure, 1).astype(np.uint8)
    radius = cv2.distanceTransform(framed, cv2.DIST_L2, 3).max()
    limb = max(1, round(LIMB * float(radius)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * limb + 1, 2 * limb + 1))
    trunk = cv2.morphologyEx(figure.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    top = int(trunk.any(axis=1).argmax())
    middle = round(float(np.flatnonzero(trunk[top : top + limb].any(axis=0)).mean()))
    above = np.flip(figure[:top, max(0, middle - limb // 2) : middle + limb // 2 + 1].any(axis=1))
    return top - (len(above) if above.all() else int(above.argmin())), middle


def _runs(figure: np.ndarray, crown: int, middle: int) -> np.ndarray:
    """First and one past the last column of the figure around the middle, for each row from the crown [N,2]."""
    runs = []
    for row in figure[crown:]:
        columns = np.flatnonzero(row)
        nearest = columns[np.abs(columns - middle).argmin()] if len(columns) else middle
        gaps = np.flatnonzero(~row)
        left = gaps[gaps < nearest].max(initial=-1) + 1
        right = gaps[gaps > nearest].min(initial=len(row))
        runs.append((left, right))
    return np.array(runs)


def _height(runs: np.ndarray) -> tuple[float, int]:
    """Crown to chin from the width of the forehead, and the row of the forehead below the crown."""
    widths = runs[:, 1] - runs[:, 0]
    deep = np.arange(len(widths)) >= FOREHEAD * widths
    deep[0] = False
    forehead = int(deep.argmax()) if deep.any() else len(widths) - 1
    return HEAD_HEIGHT * float(widths[forehead]), forehead


def _neck(widths: np.ndarray, height: float) -> int | None:
    """The row of the neck below the crown; None where nothing is narrow between head and shoulders."""
    first, last = (round(part * height) for part in NECK_RANGE)
    if first >= len(widths) - 1:
        return None
    narrowest = widths[first:last].min()
    neck = first + int(np.flatnonzero(widths[first:last] <= NECK_EVEN * narrowest).mean())
    around = widths[:neck].max(), widths[neck : 2 * last].max()
    return neck if min(around) >= NECK_DEPTH * narrowest else None
