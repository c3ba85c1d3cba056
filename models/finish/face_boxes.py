"""Where faces were found, drawn over a picture."""

from collections.abc import Iterable

import cv2
import numpy as np

from models.faces import Face

LINES_PER_SIDE = 250  # how thin the boxes are
FACE_COLOUR, SMALL_FACE_COLOUR = (34, 160, 90), (214, 90, 40)


def with_boxes(image: np.ndarray, faces: Iterable[Face], *, scale: float) -> np.ndarray:
    """RGB uint8 `image`, `scale` times the size in which `faces` were found, with a box around each: green where it was
    drawn on its own, orange where it was too small."""
    boxed, line = image.copy(), max(2, round(max(image.shape) / LINES_PER_SIDE))
    for face in faces:
        corners = [round(value * scale) for value in (face.x1, face.y1, face.x2, face.y2)]
        colour = FACE_COLOUR if face.used else SMALL_FACE_COLOUR
        cv2.rectangle(boxed, corners[:2], corners[2:], colour, line, cv2.LINE_AA)
    return boxed
