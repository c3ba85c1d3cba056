"""What is wrong with a matte, as far as its shape tells."""

from typing import Literal

import cv2
import numpy as np

from models.finish.cutout import is_empty
from models.media.images import shrink

Finding = Literal["empty", "whole", "faint", "holes", "pieces", "cut_top", "cut_side", "cut"]

JUDGED_SIDE = 512
WHOLE_SHARE = 0.97  # of the frame kept: no background was told apart
FAINT_SHARE = 0.5  # of what was kept is neither solid nor clear
HOLES, HOLE_SHARE = 4, 0.0004  # the gaps between arms and body are two or three; a share of the frame
PIECES, PIECE_SHARE = 4, 0.01  # of the largest piece
TOP_SHARE = 0.02  # of the upper border
SIDE_SHARE = 0.5  # of a side border: shoulders reach it in any close portrait
BORDER_SHARE = 0.05  # of any border, for things


def judge(matte: np.ndarray, *, person: bool = True) -> tuple[Finding, ...]:
    """Findings on a matte, float32 [H,W] in 0..1, the gravest first; none is good. A `person` may end at the lower
    border, a thing may not."""
    if is_empty(matte):
        return ("empty",)
    if matte.mean() > WHOLE_SHARE:
        return ("whole",)
    small = shrink(matte, JUDGED_SIDE)
    solid = small > 0.5
    found: dict[Finding, bool] = {
        "faint": _is_faint(small),
        "holes": _holes(solid) >= HOLES,
        "pieces": _pieces(solid) >= PIECES,
        "cut_top": person and solid[0].mean() > TOP_SHARE,
        "cut_side": person and max(solid[:, 0].mean(), solid[:, -1].mean()) > SIDE_SHARE,
        "cut": not person and max(border.mean() for border in _borders(solid)) > BORDER_SHARE,
    }
    return tuple(name for name, there in found.items() if there)


def _is_faint(matte: np.ndarray) -> bool:
    kept = matte > 0.05
    between = (matte > 0.1) & (matte < 0.9)
    return bool(between.sum() > FAINT_SHARE * kept.sum())


def _holes(solid: np.ndarray) -> int:
    """How many clear places are closed in on all sides."""
    around = np.pad(~solid, 1, constant_values=True)
    areas, outside = _areas(around)
    areas = np.delete(areas, outside[0, 0])
    return int((areas > HOLE_SHARE * solid.size).sum())


def _pieces(solid: np.ndarray) -> int:
    areas, _ = _areas(solid)
    return int((areas > PIECE_SHARE * areas.max(initial=0)).sum())


def _areas(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Areas of the connected parts of `mask`, and for every pixel the place of its part in them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return stats[1:, cv2.CC_STAT_AREA], labels - 1


def _borders(solid: np.ndarray) -> tuple[np.ndarray, ...]:
    return solid[0], solid[-1], solid[:, 0], solid[:, -1]
