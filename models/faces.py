"""Find faces, align them, paste them back. Stateless, and number for number what the stock `facelib` computes.

Source: modelscope/models/cv/cartoon (facelib, utils.py, mtcnn_pytorch/src). Stock keeps its tracker on the object;
here every function depends on its arguments alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.engines import Session

DETECTOR_SIDE = 512
LANDMARK_SIDE = 160
MEAN_RGB = (123, 116, 103)
MIN_SCORE = 0.8
MAX_FACES = 10
MIN_FACE = 60  # pixels; a face is dropped only if both sides are at most this
CROP_SCALE = 1.4
LANDMARKS = 68
LEFT_EYE, RIGHT_EYE, NOSE, MOUTH_LEFT, MOUTH_RIGHT = slice(36, 41), slice(42, 47), 30, 48, 54

HEAD_SIDE = 288
# ArcFace-like template on 112 px: eyes, nose, mouth corners, after stock's shift of (+9, +1).
TEMPLATE = np.asarray(
    [
        [39.29459953, 52.69630051],
        [74.53179932, 52.50139999],
        [57.02519989, 72.73660278],
        [42.54930115, 93.3655014],
        [71.72990036, 93.20410156],
    ],
    np.float32,
)
TEMPLATE_SIDE, TEMPLATE_RATIO = 112, 0.75


@dataclass(frozen=True)
class Face:
    """Box in pixels of the image as given; `used` is False when the face is too small to be drawn on its own."""

    x1: float
    y1: float
    x2: float
    y2: float
    score: float
    used: bool


def detect(detector: Session, rgb: np.ndarray) -> np.ndarray:
    """Boxes [N,5] float32 (x1, y1, x2, y2 in pixels of `rgb`, score), at most MAX_FACES, the largest where more."""
    scale = DETECTOR_SIDE / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale)
    canvas = np.full((DETECTOR_SIDE, DETECTOR_SIDE, 3), MEAN_RGB, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    found = detector.run({"tower_0/images": canvas[None].astype(np.float32)})
    count = int(found["tower_0/num_detections"][0])
    boxes, scores = found["tower_0/boxes"][0][:count], found["tower_0/scores"][0][:count]
    sure = scores > MIN_SCORE
    pixels = boxes[sure][:, [1, 0, 3, 2]] * np.float32(DETECTOR_SIDE / scale)
    return _largest(np.concatenate([pixels, scores[sure][:, None]], axis=1))


def _largest(boxes: np.ndarray) -> np.ndarray:
    if len(boxes) <= MAX_FACES:
        return boxes
    return boxes[_areas(boxes).argsort()[-MAX_FACES:][::-1]]


def _areas(boxes: np.ndarray) -> np.ndarray:
    return (boxes[:, 3] - boxes[:, 1]) * (boxes[:, 2] - boxes[:, 0])


def big_enough(box: np.ndarray) -> bool:
    return bool(box[2] - box[0] > MIN_FACE or box[3] - box[1] > MIN_FACE)


def landmarks(keypoints: Session, rgb: np.ndarray, boxes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """68 points (x, y) [68,2] float32 in whole pixels of `rgb` for each box, as stock truncates them."""
    cuts = [_face(rgb, box) for box in boxes]
    found = keypoints.run_all([{"tower_0/images": face} for face, _, _ in cuts])
    return [_points(each["tower_0/prediction"], *where) for each, (_, *where) in zip(found, cuts, strict=True)]


def _face(rgb: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the network sees of a box, float32 [1,LANDMARK_SIDE,LANDMARK_SIDE,3]; its corner and size in `rgb`."""
    add = int(max(box[2] - box[0], box[3] - box[1]))
    x1, y1, x2, y2 = _square(box, add)
    crop = _crop(rgb, x1 - add, y1 - add, x2 - add, y2 - add)
    face = cv2.resize(crop, (LANDMARK_SIDE, LANDMARK_SIDE)).astype(np.float32)
    return face[None], np.array([x1 - add, y1 - add]), np.asarray([x2 - x1, y2 - y1], np.float32)


def _points(prediction: np.ndarray, corner: np.ndarray, size: np.ndarray) -> np.ndarray:
    points = prediction[0, : LANDMARKS * 2].reshape(-1, 2)
    points = points * size / np.float32(LANDMARK_SIDE) * np.float32(LANDMARK_SIDE)
    return np.trunc(points.astype(np.float64) + corner).astype(np.float32)


def _square(box: np.ndarray, add: int) -> tuple[int, int, int, int]:
    """Corners of the square crop, 1.4 box widths wide, in the coordinates of the frame padded by `add`."""
    box = box[:4] + np.float32(add)
    edge = CROP_SCALE * (box[2] - box[0])
    x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    corners = np.asarray([x - edge // 2, y - edge // 2, x + edge // 2, y + edge // 2], np.float32)
    x1, y1, x2, y2 = corners.astype(int).tolist()
    return x1, y1, x2, y2


def _crop(rgb: np.ndarray, x1: int, y1: int, x2: int, y2: int) -> np.ndarray:
    """The rectangle, filled with the mean colour where it leaves the frame."""
    height, width = rgb.shape[:2]
    crop = np.full((y2 - y1, x2 - x1, 3), MEAN_RGB, np.uint8)
    left, top, right, bottom = max(x1, 0), max(y1, 0), min(x2, width), min(y2, height)
    if left < right and top < bottom:
        crop[top - y1 : bottom - y1, left - x1 : right - x1] = rgb[top:bottom, left:right]
    return crop


def drawing_order(boxes: np.ndarray, points: list[np.ndarray]) -> np.ndarray:
    """Indices of `points`, the largest face first: where faces overlap, the smaller one is pasted on top."""
    tracked = [_tracked(np.asarray([*p.min(axis=0), *p.max(axis=0)], np.float32), boxes) for p in points]
    return _areas(np.array(tracked)).argsort()[::-1]


def _tracked(outline: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Stock's mean of the landmarks' outline (0.3) and the first detected box that overlaps it by half (0.7)."""
    for box in boxes:
        if _iou(outline, box) > 0.5:
            return 0.3 * outline + 0.7 * box[:4]
    return outline


def _iou(a: np.ndarray, b: np.ndarray) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def five_points(rgb: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Pupils, nose, mouth corners [5,2] float32; the eyes' mean where a pupil cannot be looked for."""
    left, right = _pupil(rgb, points[LEFT_EYE]), _pupil(rgb, points[RIGHT_EYE])
    if left is None or right is None:
        left, right = points[LEFT_EYE].mean(axis=0), points[RIGHT_EYE].mean(axis=0)
    return np.asarray([left, right, points[NOSE], points[MOUTH_LEFT], points[MOUTH_RIGHT]], np.float32)


def _pupil(rgb: np.ndarray, contour: np.ndarray) -> tuple[float, float] | None:
    """Median of the dark pixels (Otsu) inside the eye's contour; None when the contour leaves the frame or is flat."""
    (x1, y1), (x2, y2) = contour.min(axis=0).astype(int), contour.max(axis=0).astype(int)
    if y1 >= y2 or x1 >= x2 or y1 < 0 or x1 < 0 or y2 > rgb.shape[0] or x2 > rgb.shape[1]:
        return None
    grey = cv2.equalizeHist(cv2.cvtColor(rgb[y1:y2, x1:x2], cv2.COLOR_RGB2GRAY))
    inside = cv2.fillConvexPoly(np.zeros_like(grey), (contour - (x1, y1)).astype(np.int32), 1)
    _, bright = cv2.threshold(grey, 100, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    ys, xs = np.nonzero((bright == 0) & (inside == 1))
    if not len(xs):
        return grey.shape[1] / 2 + x1, grey.shape[0] / 2 + y1
    middle = len(xs) // 2
    return float(np.sort(xs)[middle] + x1), float(np.sort(ys)[middle] + y1)


def align(five: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """2x3 matrices frame → head crop (288 px) and back: the similarity that carries `five` to the template."""
    target = (TEMPLATE - TEMPLATE_SIDE / 2) * TEMPLATE_RATIO + TEMPLATE_SIDE / 2
    target = (target * (HEAD_SIDE / TEMPLATE_SIDE)).astype(np.float32)
    mirrored = target * np.asarray([-1, 1], np.float32)
    plain = _similarity(five, target)
    flipped = _similarity(five, mirrored) @ np.diag([-1.0, 1.0, 1.0])
    source = np.column_stack([five, np.ones(5)])
    # Both are held against the mirrored template: stock overwrites its target before it compares.
    if np.linalg.norm((source @ plain)[:, :2] - mirrored) > np.linalg.norm((source @ flipped)[:, :2] - mirrored):
        plain = flipped
    return plain[:, :2].T, np.linalg.inv(plain)[:, :2].T


def paste(head: np.ndarray, mask: np.ndarray, back: np.ndarray, *, onto: np.ndarray) -> None:
    """Lay `head` over `onto` (float32, changed in place) through `mask`, both turned by the 2x3 matrix `back`.

    Only the rectangle that the head reaches is touched: on a whole frame the same arithmetic costs several times more.
    """
    left, top, right, bottom = _reach(back, onto.shape)
    if left >= right or top >= bottom:
        return
    moved = back - np.array([[0, 0, left], [0, 0, top]])
    size = (right - left, bottom - top)
    weight = cv2.warpAffine(mask, moved, size)[:, :, None]
    there = onto[top:bottom, left:right]
    there[:] = weight * cv2.warpAffine(head, moved, size) + (1 - weight) * there


def _reach(back: np.ndarray, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The rectangle of the frame where the turned head square lies, a pixel of interpolation around it included."""
    corners = np.array([[-1, -1, 1], [HEAD_SIDE, -1, 1], [-1, HEAD_SIDE, 1], [HEAD_SIDE, HEAD_SIDE, 1]]) @ back.T
    left, top = np.floor(corners.min(axis=0)).astype(int) - 1
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 2
    return max(left, 0), max(top, 0), min(right, shape[1]), min(bottom, shape[0])


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Row-vector 3x3 matrix source → target, from the least squares of the way back (as MATLAB's cp2tform does)."""
    x, y = target[:, :1].astype(np.float64), target[:, 1:].astype(np.float64)
    one, zero = np.ones_like(x), np.zeros_like(x)
    design = np.vstack([np.hstack([x, y, one, zero]), np.hstack([y, -x, zero, one])])
    scale, skew, dx, dy = np.linalg.lstsq(design, source.T.reshape(-1), rcond=None)[0]
    inverse = np.linalg.inv(np.array([[scale, -skew, 0], [skew, scale, 0], [dx, dy, 1]]))
    inverse[:, 2] = (0, 0, 1)
    return inverse
