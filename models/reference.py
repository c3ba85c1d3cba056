"""The stock `modelscope.pipelines.pipeline(...)`, unchanged: the oracle of every parity test, and servable.

Siblings of the pipelines in `models/`, with one asymmetry: stock code keeps its own pre- and postprocessing, so these
wrap whole pipelines and not sessions. Its traps are fenced here: colour order, TensorFlow's shared graph, FunASR's
thread count, and the CUDA_VISIBLE_DEVICES that facelib sets for the whole process.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.cartoon import Stylized, probe_picture
from models.emotion import HOP, PROBE_SECONDS, SAMPLE_RATE, probe_clip, softmax
from models.engines import Compute
from models.errors import TooLarge
from models.finish.emotion_report import Analysis
from models.matting import probe_picture as probe_figure
from models.timeline import voiced_frames

MAX_SECONDS = 60


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


class Emotion:
    """Stock FunASR, whole clips only: its memory grows with the square of the length, so long ones are refused.

    Its scores are kept as they are; those of the frames are its own last layer on the frame features it returns.
    """

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        # Left alone, FunASR sets four threads for the process, which makes two cores 25 times slower.
        self._pipeline = _stock("emotion-recognition", folder, ncpu=compute.threads, disable_update=True)

    def analyze(self, waveforms: list[np.ndarray]) -> list[Analysis]:
        """float32 mono 16 kHz each; the same order back. Raises TooLarge above MAX_SECONDS."""
        return [self._analyze(waveform) for waveform in waveforms]

    def raw(self, waveform: np.ndarray) -> dict[str, Any]:
        """Exactly what stock answers: `labels`, `scores`, and `feats` [T,D]."""
        return self._pipeline(waveform, granularity="frame", extract_embedding=True)[0]

    def warm_up(self) -> dict[str, np.ndarray]:
        return {"scores": np.array(self.raw(probe_clip(PROBE_SECONDS))["scores"])}

    def _analyze(self, waveform: np.ndarray) -> Analysis:
        seconds = len(waveform) / SAMPLE_RATE
        if seconds > MAX_SECONDS:
            text = f"The stock engine takes at most {MAX_SECONDS} s; this recording has {seconds:.0f} s."
            raise TooLarge(text, reason="audio_too_long", seconds=round(seconds), limit=MAX_SECONDS)
        answer = self.raw(waveform)
        pairs = [("未知", "unknown") if label == "<unk>" else label.rsplit("/", 1) for label in answer["labels"]]
        return Analysis(
            scores=np.array(answer["scores"], np.float32),
            frame_scores=self._frame_scores(answer["feats"]),
            embedding=answer["feats"].mean(axis=0),
            frame_features=answer["feats"],
            voiced=voiced_frames(waveform, hop=HOP, frames=len(answer["feats"])),
            duration=seconds,
            heard_at=datetime.now(UTC),
            labels=tuple(pair[1] for pair in pairs),
            labels_zh=tuple(pair[0] for pair in pairs),
        )

    def _frame_scores(self, features: np.ndarray) -> np.ndarray:
        inner = self._pipeline.model.model
        layer = inner.model.proj
        logits = features @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
        used = [not token.startswith("unuse") for token in inner.kwargs["tokenizer"].token_list]
        return softmax(logits[:, used])


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
    return json.loads((folder / "configuration.json").read_text())["task"]
