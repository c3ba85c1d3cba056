"""Pictures for tests: a drawn portrait, a landscape, and the real portraits beside the project where they are."""

from pathlib import Path

import cv2
import numpy as np
import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


def shared(name: str) -> np.ndarray:
    """A real picture as RGB uint8; skips the test where the folder beside the project is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"../shared/data/{name} is not there")
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def portrait(side: int = 400) -> np.ndarray:
    """A real person from head to hip: RGB uint8 [side,side,3]."""
    return cv2.resize(shared("portrait-1.png"), (side, side), interpolation=cv2.INTER_AREA)


def landscape() -> np.ndarray:
    """Sky, hills and grass, RGB uint8 [320,480,3]: nobody there."""
    y, x = np.mgrid[0:320, 0:480].astype(np.float32)
    picture = np.stack([120 + y / 4, 160 + y / 5, 235 - y / 8], axis=-1)
    picture[y > 190 + 30 * np.sin(x / 60)] = (90, 110, 90)
    picture[y > 240 + 12 * np.sin(x / 35)] = (70, 130, 50)
    grain = np.random.default_rng(0).normal(0, 4, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def odd_size() -> np.ndarray:
    """RGB uint8 [517,333,3]."""
    return np.ascontiguousarray(portrait(517)[:, 160:493])


def three_faces() -> np.ndarray:
    """The same person three times in a row, once mirrored: RGB uint8 [400,1200,3]."""
    person = portrait()
    return np.hstack([person, person[:, ::-1], person])


def face_at_the_border() -> np.ndarray:
    """A face whose side is cut by the frame: RGB uint8 [400,216,3]."""
    return np.ascontiguousarray(portrait()[:, 184:])
