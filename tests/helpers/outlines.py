"""The outline of a person, as a matte."""

import cv2
import numpy as np

WIDTH, CROWN, CHIN, MIDDLE = 600, 150, 330, 320


def person(arms: bool = False) -> np.ndarray:
    """A figure with a short neck, float32 [800,600]; its head reaches from CROWN to CHIN around MIDDLE."""
    matte = np.zeros((800, WIDTH), np.float32)
    cv2.ellipse(matte, (MIDDLE, (CROWN + CHIN) // 2), (70, (CHIN - CROWN) // 2), 0, 0, 360, 1.0, -1)
    cv2.rectangle(matte, (MIDDLE - 40, CHIN - 30), (MIDDLE + 40, CHIN + 40), 1.0, -1)
    cv2.ellipse(matte, (MIDDLE, 800), (180, 440), 0, 0, 360, 1.0, -1)
    if arms:
        for side in (-1, 1):
            cv2.line(matte, (MIDDLE + side * 130, 500), (MIDDLE + side * 200, 20), 1.0, 34)
    return matte


def face_points(middle: int = MIDDLE) -> np.ndarray:
    """68 landmarks of that figure's face [68,2]: eyes half way between crown and chin, the rest where it matters."""
    points = np.full((68, 2), (middle, (CROWN + CHIN) / 2 + 30), np.float32)
    points[8] = middle, CHIN
    points[36:48, 1] = (CROWN + CHIN) / 2
    return points
