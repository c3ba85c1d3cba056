"""Copies of an ID photo on a sheet of photo paper, with marks that show where to cut."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.finish.id_photo import Size, pixels

# Width × height in mm. Six inches is what China calls 4 × 6 in, five inches 3.5 × 5 in.
Paper = Literal["6in", "5in", "a4"]
PAPERS: dict[Paper, tuple[float, float]] = {"6in": (152.4, 101.6), "5in": (127.0, 88.9), "a4": (210.0, 297.0)}
MARGIN_MM = 5.0  # printers leave about 3 mm white
GAP_MM = 3.0
MARK_MM, MARK_OFF_MM = 2.5, 0.5  # how long a mark is, and how far it stays from the photo
MARK_COLOUR = (110, 110, 110)
MARK_PIXELS = 2


@dataclass(frozen=True)
class Layout:
    """The sheet's width and height, and the upper left corner (x, y) of each photo, in pixels."""

    sheet: tuple[int, int]
    corners: tuple[tuple[int, int], ...]


def layout(size: Size, paper: Paper) -> Layout:
    """As many copies as fit, the sheet upright or lying, whichever holds more, in the middle of it."""
    width, height = PAPERS[paper]
    lying, upright = _grid(size, width, height), _grid(size, height, width)
    return lying if len(lying.corners) >= len(upright.corners) else upright


def sheet(photo: np.ndarray, size: Size, paper: Paper) -> np.ndarray:
    """The sheet, RGB uint8, from an ID photo RGB uint8 of `size.pixels`."""
    plan = layout(size, paper)
    page = np.full((plan.sheet[1], plan.sheet[0], 3), 255, np.uint8)
    for x, y in plan.corners:
        _marks(page, x, y, *size.pixels, dpi=size.dpi)
    for x, y in plan.corners:
        page[y : y + photo.shape[0], x : x + photo.shape[1]] = photo
    return page


def _grid(size: Size, width_mm: float, height_mm: float) -> Layout:
    paper = pixels(width_mm, size.dpi), pixels(height_mm, size.dpi)
    starts = [_starts(length, photo, size.dpi) for length, photo in zip(paper, size.pixels, strict=True)]
    return Layout(paper, tuple((x, y) for y in starts[1] for x in starts[0]))


def _starts(length: int, photo: int, dpi: int) -> list[int]:
    """Where the photos begin along one side of the sheet."""
    margin, gap = pixels(MARGIN_MM, dpi), pixels(GAP_MM, dpi)
    count = max(0, (length - 2 * margin + gap) // (photo + gap))
    first = (length - count * (photo + gap) + gap) // 2
    return [first + index * (photo + gap) for index in range(count)]


def _marks(page: np.ndarray, x: int, y: int, width: int, height: int, *, dpi: int) -> None:
    """Lines outwards from the corners of a photo, along its edges."""
    near, far = pixels(MARK_OFF_MM, dpi), pixels(MARK_MM, dpi)
    for column in (x, x + width - MARK_PIXELS):
        for rows in (slice(y - far, y - near), slice(y + height + near, y + height + far)):
            page[rows, column : column + MARK_PIXELS] = MARK_COLOUR
    for row in (y, y + height - MARK_PIXELS):
        for columns in (slice(x - far, x - near), slice(x + width + near, x + width + far)):
            page[row : row + MARK_PIXELS, columns] = MARK_COLOUR
