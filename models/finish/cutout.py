"""Matte → cutout: what belongs to the person, how hard its edge is, what lies behind it."""

import cv2
import numpy as np

from models.finish.background import Background, paint

ALPHA_THRESHOLD_RANGE, ALPHA_THRESHOLD_DEFAULT = (0, 50), 10
ERODE_RANGE, ERODE_DEFAULT = (0, 5), 1
BAND_ROWS = 256  # laid over each other at a time, so that the floats of a 50-megapixel photo do not exist at once
EMPTY_SHARE = 0.005  # below this share of the frame nobody was found

FAINT = 12  # of 255: what is fainter is not seen, and makes no box larger
CROP_MARGIN = 0.03  # of the subject's longer side: what touches the border looks cut off


def is_empty(matte: np.ndarray) -> bool:
    """Nobody was found: hardly any of the frame is kept."""
    return float(matte.mean()) < EMPTY_SHARE


def to_alpha(matte: np.ndarray) -> np.ndarray:
    """Matte float32 in 0..1 → uint8."""
    return np.rint(matte * 255).astype(np.uint8)


def to_matte(alpha: np.ndarray) -> np.ndarray:
    """Alpha uint8 → float32 in 0..1."""
    return alpha / np.float32(255)


def refine(
    matte: np.ndarray,
    *,
    alpha_threshold: int = ALPHA_THRESHOLD_DEFAULT,
    erode: int = ERODE_DEFAULT,
    feather: bool = True,
) -> np.ndarray:
    """Matte, float32 in 0..1 or uint8, → alpha uint8 [H,W]: values below `alpha_threshold` become 0, the edge moves in
    by `erode` pixels and is softened over one pixel. In this order."""
    alpha = matte.copy() if matte.dtype == np.uint8 else to_alpha(matte)
    alpha[alpha < alpha_threshold] = 0
    if erode:
        alpha = cv2.erode(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * erode + 1, 2 * erode + 1)))
    return cv2.GaussianBlur(alpha, (3, 3), 0) if feather else alpha


def subject_box(alpha: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of what alpha (uint8 [H,W]) keeps, with a small margin within the frame; all of it where that is
    nothing."""
    left, top, width, height = cv2.boundingRect((alpha > FAINT).astype(np.uint8))
    if not width:
        return slice(0, alpha.shape[0]), slice(0, alpha.shape[1])
    margin = round(CROP_MARGIN * max(width, height)) + 1
    rows = slice(max(0, top - margin), min(alpha.shape[0], top + height + margin))
    return rows, slice(max(0, left - margin), min(alpha.shape[1], left + width + margin))


def composite(rgb: np.ndarray, alpha: np.ndarray, background: Background | None = None) -> np.ndarray:
    """The cutout: RGBA where `background` is None, else RGB over it."""
    if background is None:
        return np.dstack([rgb, alpha])
    result = paint(background, rgb.shape)
    for top in range(0, len(alpha), BAND_ROWS):
        rows = slice(top, top + BAND_ROWS)
        result[rows] = _over(rgb[rows], alpha[rows], result[rows])
    return result


def _over(rgb: np.ndarray, alpha: np.ndarray, behind: np.ndarray) -> np.ndarray:
    weight = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    front = cv2.multiply(rgb, weight, scale=1 / 255, dtype=cv2.CV_32F)
    return cv2.convertScaleAbs(front + cv2.multiply(behind, 255 - weight, scale=1 / 255, dtype=cv2.CV_32F))
