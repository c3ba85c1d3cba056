"""The stock `modelscope.pipelines.pipeline(...)`, unchanged: the oracle of every parity test, and servable.

Siblings of the pipelines in `models/`, with one asymmetry: stock code keeps its own pre- and postprocessing, so these
wrap whole pipelines and not sessions. Its traps are fenced here: colour order, TensorFlow's shared graph, FunASR's
thread count, and the CUDA_VISIBLE_DEVICES that facelib sets for the whole process.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.cartoon import Stylized, probe_picture
from models.engines import Compute
from models.matting import probe_picture as probe_figure


class Cartoon:
    """Stock cartoon. It tells nothing of the faces it found, and its detector's state is its own."""

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        self._pipeline = _stock("image-portrait-stylization", folder)

    def stylize(self, images: list[np.ndarray]) -> list[Stylized]:
        """RGB uint8 [H,W,3] each; the same order back. Stock's size when no face is found is put right."""
        return [Stylized(_fit(self.raw(rgb), rgb.shape), faces=()) for rgb in images]

    def raw(self, rgb: np.ndarray) -> np.ndarray:
        """Exactly what stock answers, as RGB: float32 at the photo's size with faces, uint8 at working size without."""
        return self._pipeline(_bgr(rgb))["output_img"][:, :, ::-1]

    def warm_up(self) -> dict[str, np.ndarray]:
        return {"image": self.stylize([probe_picture()])[0].image}


class Matting:
    """Stock matting, alpha only."""

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        self._pipeline = _stock(_task_of(folder), folder)

    def matte(self, images: list[np.ndarray]) -> list[np.ndarray]:
        """RGB uint8 [H,W,3] each → matte float32 [H,W] in 0..1; the same order back."""
        return [self.raw(rgb)[:, :, 3].astype(np.float32) / 255 for rgb in images]

    def raw(self, rgb: np.ndarray) -> np.ndarray:
        """Exactly what stock answers: BGRA uint8 [H,W,4]."""
        return self._pipeline(_bgr(rgb))["output_img"]

    def warm_up(self) -> dict[str, np.ndarray]:
        return {"matte": self.matte([probe_figure()])[0]}


def _stock(task: str, folder: Path, **options: Any) -> Any:
    """A stock pipeline under a TensorFlow graph of its own: otherwise a second one answers with the first's weights."""
    with _environment_kept():
        import tensorflow as tf
        from modelscope.pipelines import pipeline

        with tf.Graph().as_default():
            return pipeline(task, model=str(folder), **options)


@contextmanager
def _environment_kept() -> Iterator[None]:
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _bgr(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _fit(image: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if image.shape != shape:
        image = cv2.resize(np.ascontiguousarray(image), (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return image if image.dtype == np.uint8 else cv2.convertScaleAbs(image)


def _task_of(folder: Path) -> str:
    """Both matting models use one class, registered under two tasks; the folder's configuration names its own."""
    import json

    return json.loads((folder / "configuration.json").read_text())["task"]
