"""Makes the pictures on the style tiles anew: python -m tools.make_style_pictures [FOLDER]

A drawn face in every style that has a sample model, drawn by that model: nobody's face, nobody's artwork.
"""

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from models.cartoon import Cartoon
from models.catalog import CATALOG
from models.engines import Compute
from models.media import images
from models.weights.store import SAMPLES
from tools.drawn_faces import sketch_portrait
from ui.tabs.style_tiles import PICTURES

SEED = 1  # a smiling face that every style draws well
CANVAS = 512
CROP = slice(30, 430), slice(56, 456)
SIDE = 160


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    face = portrait()
    with tempfile.TemporaryDirectory() as artifacts:
        compute = Compute("f32", 1, Path(artifacts))
        for style, model in CATALOG["cartoon"].items():
            if model.sample:
                drawn = Cartoon(SAMPLES / model.sample, compute=compute).stylize([face])[0].image
                tile = cv2.resize(drawn[CROP], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
                (folder / f"{style}.webp").write_bytes(images.encode(tile, "webp", 80))


def portrait() -> np.ndarray:
    """RGB uint8 [CANVAS,CANVAS,3]: a face before a plain wall, with the grain of a photo."""
    rng = np.random.default_rng(SEED)
    y, x = np.mgrid[0:CANVAS, 0:CANVAS].astype(np.float32) / CANVAS
    wall = np.stack([120 + 60 * x, 170 + 30 * y, 190 - 20 * y], axis=-1)
    sketch, _ = sketch_portrait(rng, wall)
    return np.clip(sketch.rgb + rng.normal(0, 3, wall.shape), 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
