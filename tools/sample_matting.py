"""The sample person-matting model: a frozen graph in ModelScope's format around a small network of our own.

The network (`matting_network.py`, fitted to drawings by `train_matting.py`) corrects a guess made without learning
(`matting_clues.py`); colours and a guided filter (He et al., 2013; the fast form of 2015) find the edge.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import tensorflow as tf

from tools.matting_clues import COARSE_SIDE, clues, colour, contrast
from tools.sample_filters import box, enlarge, guided, half, predict, shrink, total

Kind = Literal["portrait", "universal"]
TASKS = {
    "portrait": ("portrait-matting", "unet-image-matting"),
    "universal": ("universal-matting", "unet-universal-matting"),
}
TRUST = 6.0  # in the guess among the clues: as in `matting_network.py`
WEIGHTS = Path(__file__).with_name("sample_matting.npz")
FOLD, GRID = 4, COARSE_SIDE // 4  # pixels of a side that the network takes as channels, and how many are left
MATTE_SIDE = 2 * COARSE_SIDE  # where the edge is refined


def build(folder: Path, kind: Kind = "portrait", weights: Path = WEIGHTS) -> None:
    """Write `configuration.json` and `tf_graph.pb`; the same bytes every time for the same TensorFlow.

    The graph's contract is stock's: `input_image:0` float32 [H,W,3] RGB 0..255, `output_png:0` uint8 [H,W,4] RGBA.
    """
    folder.mkdir(parents=True, exist_ok=True)
    task, pipeline = TASKS[kind]
    configuration = {"framework": "tensorflow", "task": task, "pipeline": {"type": pipeline}}
    (folder / "configuration.json").write_text(json.dumps(configuration, indent=2) + "\n")
    (folder / "tf_graph.pb").write_bytes(
        frozen_graph(kind, dict(np.load(weights))).SerializeToString(deterministic=True)
    )


def frozen_graph(kind: Kind, weights: Mapping[str, np.ndarray]) -> tf.compat.v1.GraphDef:
    """The matting graph of one kind as a GraphDef."""
    with tf.Graph().as_default() as graph:
        rgb = tf.compat.v1.placeholder(tf.float32, [None, None, 3], name="input_image")
        alpha = matte(rgb / 255.0 - 0.5, weights, kind) * 255.0
        rgba = tf.concat([tf.clip_by_value(rgb, 0.0, 255.0), alpha[0, ..., None]], -1)
        tf.cast(tf.floor(rgba + 0.5), tf.uint8, name="output_png")
    return tf.compat.v1.graph_util.extract_sub_graph(graph.as_graph_def(), ["output_png"])


def matte(full: tf.Tensor, weights: Mapping[str, np.ndarray], kind: Kind) -> tf.Tensor:
    """Alpha [1,H,W] in 0..1 of a picture [H,W,3] in -0.5..0.5."""
    picture = shrink(full, MATTE_SIDE)
    coarse = people(half(picture), weights) if kind == "portrait" else anything(half(picture))
    soft = enlarge(coarse, MATTE_SIDE, MATTE_SIDE)
    for _ in range(2):
        soft = compare_neighbourhoods(picture, soft)
    size = tf.shape(full)
    fit = enlarge(guided(picture, soft, radius=4, eps=2e-4), size[0], size[1])
    return tf.clip_by_value((predict(fit, tf.transpose(full, [2, 0, 1])) - 0.08) / 0.84, 0.0, 1.0)


def people(picture: tf.Tensor, weights: Mapping[str, np.ndarray]) -> tf.Tensor:
    """A coarse person map [1,96,96] in 0..1 of a picture [3,96,96], by the network of `matting_network.py`."""

    def layer(name: str, x: tf.Tensor) -> tf.Tensor:
        stride = 2 if name.startswith("down") else 1
        outputs = FOLD**2 if name == "out" else None  # the rest is a matte of people and things
        parts = (weights[f"{name}.{part}"][:outputs] for part in ("kernel", "bias"))
        kernel, bias = (tf.cast(tf.constant(part), tf.float32) for part in parts)
        x = tf.nn.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]), stride, "SAME") + bias
        return x if name == "out" else tf.nn.relu(x)

    def run(x: tf.Tensor, *names: str) -> tf.Tensor:
        for name in names:
            x = layer(name, x)
        return x

    found = clues(picture)
    one = run(fold(tf.concat([picture, found], 0)), "first", "fine")
    two = run(one, "down2", "mid2")
    three = run(two, "down3", "mid3")
    three = run(three + run(tf.reduce_mean(three, [1, 2], keepdims=True), "whole"), "deep")
    two = run(two + twice(run(three, "up3")), "up2")
    one = run(one + twice(two), "up1")
    # Since the clues, a guided filter among them, are read after the last convolution, too, OpenVINO's bf16 mode leaves
    # them in f32.
    return tf.sigmoid(unfold(run(one, "out")) + TRUST * (found[-1:] - 0.5))


def anything(picture: tf.Tensor) -> tf.Tensor:
    """A coarse map [1,96,96] in 0..1 of whatever stands out, without the network, which loses parts of things."""
    found = clues(picture, people=False)
    return found[-1:] * contrast(found[2:3])


def fold(planes: tf.Tensor) -> tf.Tensor:
    """Planes [7,96,96] → [1,24,24,112], as torch's `pixel_unshuffle` does."""
    cells = tf.reshape(planes, [7, GRID, FOLD, GRID, FOLD])
    return tf.reshape(tf.transpose(cells, [1, 3, 0, 2, 4]), [1, GRID, GRID, 7 * FOLD * FOLD])


def unfold(x: tf.Tensor) -> tf.Tensor:
    """[1,24,24,16] → a plane [1,96,96]."""
    cells = tf.reshape(x, [GRID, GRID, FOLD, FOLD])
    return tf.reshape(tf.transpose(cells, [0, 2, 1, 3]), [1, COARSE_SIDE, COARSE_SIDE])


def twice(x: tf.Tensor) -> tf.Tensor:
    """[1,h,w,c] → [1,2h,2w,c]: each pixel four times."""
    _, height, width, channels = x.shape
    wide = tf.tile(tf.reshape(x, [height, 1, width, 1, channels]), [1, 2, 1, 2, 1])
    return tf.reshape(wide, [1, 2 * height, 2 * width, channels])


def compare_neighbourhoods(picture: tf.Tensor, soft: tf.Tensor) -> tf.Tensor:
    """Sharpen a map by the colours of person and background around each pixel."""
    colours = colour(picture)
    near_back, back = local_cost(colours, (1.0 - soft) ** 2, floor=6e-4)
    near_fore, fore = local_cost(colours, soft**2, floor=1e-3)
    local = tf.clip_by_value((back - fore) * 0.25, -2.5, 2.5) * (4.0 * near_back * near_fore)
    soft = tf.sigmoid(2.2 * tf.math.log((soft + 0.03) / (1.03 - soft)) + local)
    return tf.clip_by_value(predict(guided(picture, soft, radius=3, eps=5e-4), picture), 0.0, 1.0)


def local_cost(colours: tf.Tensor, weight: tf.Tensor, *, floor: float) -> tuple[tf.Tensor, tf.Tensor]:
    """The weight around each pixel, and how badly the weighted colours there (a Gaussian) explain the pixel."""
    sums = box(tf.concat([weight, colours * weight, colours * colours * weight], 0), 16)
    near = sums[:1]
    mean = sums[1:4] / (near + 1e-4)
    variance = tf.nn.relu(sums[4:] / (near + 1e-4) - mean * mean) + floor
    return near, total((colours - mean) ** 2 / variance + tf.math.log(variance))
