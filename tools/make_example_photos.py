"""Makes the example photos of the picture tabs anew: python -m tools.make_example_photos [FOLDER]

Drawn people before a drawn wall: nobody's face. For each a photo, and a small picture for its button.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from models.media import images
from tools.drawn_faces import sketch_portrait
from tools.drawn_scenes import wall
from ui.tabs.examples import PHOTOS

# The seed of a face, and of the bricks behind it; 0 is a plain wall.
SEEDS = {"smile": (31, 0), "glasses": (23, 0), "hair": (19, 0), "wall": (15, 4)}
SIDE, BUTTON_SIDE = 640, 144
GRAIN = 3.0  # of a photo, as the standard deviation in levels


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (face, bricks) in SEEDS.items():
        photo = portrait(face, bricks)
        small = cv2.resize(photo, (BUTTON_SIDE, BUTTON_SIDE), interpolation=cv2.INTER_AREA)
        (folder / f"{name}.jpg").write_bytes(images.encode(photo, "jpg", 82))
        (folder / f"{name}.webp").write_bytes(images.encode(small, "webp", 70))


def portrait(face: int, bricks: int) -> np.ndarray:
    """RGB uint8 [SIDE,SIDE,3]."""
    rng = np.random.default_rng(face)
    sketch, _ = sketch_portrait(rng, _bricks(bricks) if bricks else _plain())
    return np.clip(sketch.rgb + rng.normal(0, GRAIN, sketch.rgb.shape), 0, 255).astype(np.uint8)


def _plain() -> np.ndarray:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    return np.stack([215 - 35 * y, 205 - 25 * x, 190 - 10 * y], axis=-1)


def _bricks(seed: int) -> np.ndarray:
    return np.ascontiguousarray(wall(np.random.default_rng(seed), SIDE, SIDE), np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS)
