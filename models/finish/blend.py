"""Cartoon over photo."""

import cv2
import numpy as np

STRENGTH_RANGE, STRENGTH_DEFAULT = (0.1, 1.0), 0.7
RESOLUTION_RANGE, RESOLUTION_DEFAULT = (512, 2048), 1024


def blend(photo: np.ndarray, cartoon: np.ndarray, *, strength: float = STRENGTH_DEFAULT) -> np.ndarray:
    """`strength` of the cartoon over the photo, both RGB uint8 of one shape."""
    return cv2.addWeighted(cartoon, strength, photo, 1 - strength, 0)
