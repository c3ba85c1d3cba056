"""A cut-out as an ID photo: the head where the rules want it, exact pixels, DPI in the file, a limit on its size.

Sizes after ICAO Doc 9303 (35 × 45 mm, head 70 to 80 %), the U.S. Department of State (2 × 2 in, head 50 to 69 %),
Canada (50 × 70 mm, head 31 to 36 mm), China's passports and visas (33 × 48 mm, head 28 to 33 mm, 3 to 5 mm above it)
and what Chinese photo shops call one and two inches. An office may ask for something else: its own rules come first.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import cv2
import numpy as np
from PIL import Image

from models.errors import BadField
from models.finish.background import Background
from models.finish.cutout import composite
from models.finish.foreground import foreground
from models.finish.head_position import HEAD_HEIGHT, Head

MM_PER_INCH = 25.4
ZOOM_RANGE, ZOOM_DEFAULT = (0.6, 1.6), 1.0
SHIFT_RANGE, SHIFT_DEFAULT = (-0.2, 0.2), 0.0
LIMIT_RANGE = (5, 10_000)  # KB of 1000 bytes: what fits then also fits where a KB has 1024
BEST_QUALITY, WORST_QUALITY = 95, 20  # of jpg; below it faces fall into blocks
SOFT = 1.3  # enlarged by more than this, a photo looks soft

IdFormat = Literal["png", "jpg"]


@dataclass(frozen=True)
class Size:
    """Width and height in mm; crown to chin, and the space above the crown, as shares of the height."""

    width_mm: float
    height_mm: float
    head: float
    above: float
    dpi: int = 300

    @property
    def pixels(self) -> tuple[int, int]:
        """Width, height."""
        return pixels(self.width_mm, self.dpi), pixels(self.height_mm, self.dpi)


SizeName = Literal[
    "cn_1", "cn_1_small", "cn_1_large", "cn_2", "cn_2_small", "cn_card", "cn_passport", "icao", "us", "canada", "cv"
]
SIZES: dict[SizeName, Size] = {
    "cn_1": Size(25, 35, 0.62, 0.10),
    "cn_1_small": Size(22, 32, 0.62, 0.10),
    "cn_1_large": Size(33, 48, 0.62, 0.10),
    "cn_2": Size(35, 49, 0.62, 0.10),
    "cn_2_small": Size(35, 45, 0.64, 0.10),
    "cn_card": Size(26, 32, 0.66, 0.09, dpi=350),
    "cn_passport": Size(33, 48, 0.63, 0.08),
    "icao": Size(35, 45, 0.75, 0.09),
    "us": Size(50.8, 50.8, 0.60, 0.12),
    "canada": Size(50, 70, 0.48, 0.18),
    "cv": Size(30, 40, 0.62, 0.10),
}


Unit = Literal["mm", "px"]
OWN_DPI = 300
OWN_LIMITS: dict[Unit, tuple[float, float]] = {"mm": (10, 200), "px": (100, 2400)}
OWN_RATIO = 2.5  # of the longer side to the shorter one: beyond it no head with shoulders fits
# As photo shops place heads; in a narrow photo the head is as wide as most of it at most.
OWN_HEAD, OWN_ABOVE = 0.62, 0.10
HEAD_WIDTH = 0.75


def own_size(width: float, height: float, unit: Unit) -> Size:
    """A size that no office has named; pixels are whole. Raises BadField."""
    if max(width, height) > OWN_RATIO * min(width, height):
        shown = f"{width:g} x {height:g}"
        message = f"The size {shown} {unit} is too narrow: make one side at most {OWN_RATIO:g} times the other."
        raise BadField(message, reason="id_ratio", size=shown, limit=OWN_RATIO)
    scale = MM_PER_INCH / OWN_DPI if unit == "px" else 1.0
    sides = (round(width), round(height)) if unit == "px" else (width, height)
    head = min(OWN_HEAD, HEAD_WIDTH * HEAD_HEIGHT * width / height)
    above = round(OWN_ABOVE * (1 - head) / (1 - OWN_HEAD), 4)
    return Size(sides[0] * scale, sides[1] * scale, head, above, OWN_DPI)


@dataclass(frozen=True)
class Frame:
    """The part of the photo that becomes the ID photo, in its pixels; it may reach beyond the photo."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class File:
    """An encoded ID photo; `quality` of a jpg; `fits` is False when even the worst quality exceeds the limit."""

    data: bytes
    quality: int | None
    fits: bool


def pixels(mm: float, dpi: int) -> int:
    return round(mm / MM_PER_INCH * dpi)


def frame(head: Head, size: Size, *, zoom: float = ZOOM_DEFAULT, shift: float = SHIFT_DEFAULT) -> Frame:
    """Where to cut so that the head is as large and as high as `size` wants; `zoom` makes it larger about its middle,
    `shift` moves it down, in heights of the ID photo."""
    height = (head.chin - head.crown) / (size.head * zoom)
    width = height * size.width_mm / size.height_mm
    top = (head.crown + head.chin) / 2 - (size.above + size.head / 2 + shift) * height
    return Frame(head.middle - width / 2, top, head.middle + width / 2, top + height)


def make(
    rgb: np.ndarray,
    matte: np.ndarray,
    alpha: np.ndarray,
    part: Frame,
    size: Size,
    *,
    background: Background | None,
    clean_edge: bool = True,
) -> np.ndarray:
    """The ID photo, uint8 RGB (RGBA without a background), of exactly `size.pixels`, from photo RGB uint8, matte
    float32 and finished alpha uint8 of one shape."""
    front, share, kept = (_cut(image, part, size.pixels) for image in (rgb, matte, alpha))
    return composite(foreground(front, share) if clean_edge else front, kept, background)


def enlargement(part: Frame, size: Size) -> float:
    """How many pixels of the ID photo one of the photo becomes; above SOFT it shows."""
    return size.pixels[1] / (part.bottom - part.top)


def ends_early(part: Frame, matte: np.ndarray) -> bool:
    """The person is cut by the photo's lower border above that of the ID photo, and would seem to float."""
    return part.bottom > len(matte) + 0.01 * (part.bottom - part.top) and bool((matte[-1] > 0.5).any())


def encode(image: np.ndarray, format: IdFormat, *, dpi: int, limit_kb: int | None = None) -> File:
    """The file with `dpi` in it; a jpg of the best quality that keeps it within `limit_kb` × 1000 bytes."""
    limit = limit_kb * 1000 if limit_kb else float("inf")
    if format == "png":
        data = _png(image, dpi)
        return File(data, None, len(data) <= limit)
    best = File(_jpg(image, WORST_QUALITY, dpi), WORST_QUALITY, True)
    if len(best.data) > limit:
        return File(best.data, WORST_QUALITY, False)
    low, high = WORST_QUALITY + 1, BEST_QUALITY
    while low <= high:
        quality = (low + high + 1) // 2 if limit < float("inf") else high
        data = _jpg(image, quality, dpi)
        if len(data) > limit:
            high = quality - 1
        else:
            best, low = File(data, quality, True), quality + 1
    return best


def _cut(image: np.ndarray, part: Frame, target: tuple[int, int]) -> np.ndarray:
    """`part` of the image at `target` (width, height), averaged where it shrinks; zero beyond its borders."""
    scale = target[1] / (part.bottom - part.top)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    x, y = (scale * before / after for before, after in zip(image.shape[1::-1], small.shape[1::-1], strict=True))
    # Continuous coordinates, whose pixel centres lie at halves.
    move = np.array([[x, 0, (x - 1) / 2 - part.left * scale], [0, y, (y - 1) / 2 - part.top * scale]])
    return cv2.warpAffine(small, move, target, flags=cv2.INTER_LINEAR)


def _png(image: np.ndarray, dpi: int) -> bytes:
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG", dpi=(dpi, dpi), optimize=True)
    return file.getvalue()


def _jpg(image: np.ndarray, quality: int, dpi: int) -> bytes:
    file = BytesIO()
    picture = Image.fromarray(image)
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture.save(file, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return file.getvalue()
