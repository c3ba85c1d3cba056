"""Person cut-out: BSHM (CVPR 2020) as ModelScope's `image_matting_pipeline.py` runs it.

The graph returns RGBA, but only alpha is new: the photo keeps its own colours at full size.
"""

from pathlib import Path

import cv2
import numpy as np

from models.engines import Compute, open_session

GRAPH_FILE = "tf_graph.pb"
WORKING_SIDE = 2048  # larger photos are matted at this longest side: the graph's memory grows with the area
PROBE_SIDE = 512
WARM_SIDE = 256


class Matting:
    """One graph from a folder in ModelScope's format."""

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        self.graph = open_session(folder / GRAPH_FILE, compute=compute)
        self._in_turns = compute.in_turns

    def matte(self, images: list[np.ndarray]) -> list[np.ndarray]:
        """RGB uint8 [H,W,3] each → matte float32 [H,W] in 0..1; the same order back."""
        return [self._matte(rgb) for rgb in self._in_turns(images)]

    def warm_up(self) -> dict[str, np.ndarray]:
        """Runs a fixed picture, a small one, for what the first pass prepares serves every size; its answer, for the
        known-answer check."""
        return self._warm_up(WARM_SIDE)

    def warm_up_unused(self) -> dict[str, np.ndarray]:
        """As `warm_up`, on a smaller picture, for a model that nobody uses yet: its weights alone stay in memory."""
        answers = self._warm_up(WARM_SIDE // 2)
        self.graph.release_memory()
        return answers

    def _warm_up(self, side: int) -> dict[str, np.ndarray]:
        return {"matte": self._matte(cv2.resize(probe_picture(), (side, side))) * 255}

    def _matte(self, rgb: np.ndarray) -> np.ndarray:
        rgba = self.graph.run({"input_image": preprocess(rgb)})["output_png"]
        return postprocess(rgba, rgb.shape)


def preprocess(rgb: np.ndarray) -> np.ndarray:
    """float32 RGB 0..255, the longest side at most WORKING_SIDE."""
    scale = WORKING_SIDE / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    return small.astype(np.float32)


def postprocess(rgba: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The alpha channel at the photo's size, float32 [H,W] in 0..1."""
    alpha = rgba[:, :, 3].astype(np.float32) / 255.0
    if alpha.shape == shape[:2]:
        return alpha
    return cv2.resize(alpha, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def probe_picture() -> np.ndarray:
    """A fixed figure before a wall, RGB uint8 [512,512,3]."""
    y, x = np.mgrid[0:PROBE_SIDE, 0:PROBE_SIDE].astype(np.float32)
    picture = np.stack([150 + y / 12, 170 + x / 16, 190 - y / 16], axis=-1).astype(np.uint8)
    cv2.ellipse(picture, (256, 440), (170, 200), 0, 0, 360, (60, 50, 110), -1)
    cv2.ellipse(picture, (256, 190), (80, 105), 0, 0, 360, (220, 176, 150), -1)
    cv2.ellipse(picture, (256, 120), (95, 70), 0, 180, 360, (50, 35, 25), -1)
    return picture
