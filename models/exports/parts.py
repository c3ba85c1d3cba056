"""What is written as ONNX: the networks of each family, their inputs and outputs in words, the probes of the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np

from models import cartoon, emotion, faces, matting
from models.catalog import Family
from models.engines import Precision

Arrays = Mapping[str, np.ndarray]
# How an output is compared: grey levels, shares of the frame and probabilities, logits and features of frames, counts.
Kind = Literal["levels", "shares", "logits", "features", "count"]
SIZES = ((96, 128), (64, 48), (176, 272))  # height, width: multiples of 16, as the generators want them
ODD_SIZES = ((96, 128), (101, 77), (173, 250))
SECONDS = (0.5, 1.0, 3.3)


@dataclass(frozen=True)
class Value:
    """An input or output: its axes, those of open size by name, what it is, and an output's kind."""

    axes: tuple[str | int, ...]
    told: str
    kind: Kind = "levels"


@dataclass(frozen=True)
class Part:
    """One network of a model, in `file`; `constants` are inputs that are settled before."""

    name: str
    file: str
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value]
    probes: Callable[[], list[Arrays]]
    precisions: tuple[Precision, ...] = ("f32", "f16")
    constants: Mapping[str, bool] = field(default_factory=dict)

    @property
    def shapes(self) -> dict[str, Sequence[str | int]]:
        """The axes of every input and output."""
        return {name: value.axes for name, value in {**self.inputs, **self.outputs}.items()}


def _pictures(picture: Callable[[], np.ndarray], sizes: Sequence[tuple[int, int]]) -> list[Arrays]:
    made = [cv2.resize(picture(), (width, height)).astype(np.float32) for height, width in sizes]
    return [{"input_image": each} for each in made]


def _squares(side: int) -> list[Arrays]:
    """The probe, the same turned over and shifted, and nothing at all."""
    picture = cv2.resize(cartoon.probe_picture(), (side, side)).astype(np.float32)
    several = (picture, np.roll(picture[:, ::-1], side // 5, axis=0), np.full_like(picture, 90))
    return [{"tower_0/images": np.ascontiguousarray(each)[None]} for each in several]


def _clips() -> list[Arrays]:
    clips = [emotion.probe_clip(seconds) for seconds in SECONDS]
    return [{"waveform": ((clip - clip.mean()) / np.sqrt(clip.var() + emotion.NORM_EPS))[None]} for clip in clips]


def _generator(name: str, *, told: str) -> Part:
    image = Value(("height", "width", 3), f"{told}, BGR in 0..255, float32; both sides multiples of {cartoon.STRIDE}")
    drawn = Value(("height", "width", 3), "the cartoon, BGR, uint8")
    probes = lambda: _pictures(cartoon.probe_picture, SIZES)  # noqa: E731
    return Part(name, f"{name}.pb", {"input_image": image}, {"output_image": drawn}, probes)


def _face_part(name: str, side: int, told: str, outputs: Mapping[str, Value]) -> Part:
    """In f32 alone, as everywhere: in half precision boxes of equal score change places."""
    images = {"tower_0/images": Value((1, side, side, 3), f"{told}, RGB in 0..255, float32")}
    never = cartoon.NEVER_TRAINING
    return Part(name, f"{name}.pb", images, outputs, lambda: _squares(side), ("f32",), never)


BOXES = {
    "tower_0/boxes": Value((1, "faces", 4), "y1, x1, y2, x2 as shares of the side, the surest first", "shares"),
    "tower_0/scores": Value((1, "faces"), f"how sure; Prewarm takes those above {faces.MIN_SCORE}", "shares"),
    "tower_0/num_detections": Value((1,), "how many rows are faces; the others are 0", "count"),
}
POINTS = {
    "tower_0/prediction": Value(
        (1, 143), f"x, y of {faces.LANDMARKS} points as shares of the side, then others", "shares"
    )
}
HEARD = {
    "features": Value((1, "frames", "features"), "50 frames a second; their mean is the embedding", "features"),
    "logits": Value((1, "frames", "labels"), "of every frame: the scores are the softmax of their mean", "logits"),
}
PHOTO = Value(("height", "width", 3), f"the photo, RGB in 0..255, float32; at most {matting.WORKING_SIDE} px a side")
MATTE = Value(("height", "width", 4), "RGBA, uint8; only alpha is new")
CLIP = Value((1, "samples"), "16 kHz in one channel, float32, of mean 0 and variance 1")

PARTS: Mapping[Family, tuple[Part, ...]] = {
    "cartoon": (
        _generator("cartoon_bg", told="the whole frame"),
        _generator("cartoon_h", told=f"a head, aligned to {faces.HEAD_SIDE} px"),
        _face_part("detector", faces.DETECTOR_SIDE, "the frame, filled up with the mean colour", BOXES),
        _face_part("keypoints", faces.LANDMARK_SIDE, "a face, cut out", POINTS),
    ),
    "matting": (
        Part(
            "matting",
            matting.GRAPH_FILE,
            {"input_image": PHOTO},
            {"output_png": MATTE},
            lambda: _pictures(matting.probe_picture, ODD_SIZES),
        ),
    ),
    "emotion": (Part("emotion", "model.pt", {"waveform": CLIP}, HEARD, _clips),),
}
