"""Cartoon and matting stand-ins of full size with random weights, in ModelScope's folder format.

Same architecture and cost, no talent: DCT-Net's generator (U-Net, channel 32, 4 residual blocks, guided filter), the
face graphs of `standins_faces`, and a matting graph of three U-Nets (BSHM). Needs TensorFlow.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import numpy as np
import tensorflow.compat.v1 as tf

from benchmarks.standins_faces import Outputs, detector, keypoints

CHANNEL = 32
BLOCKS = 4


class Layers:
    """Convolutions with constant random weights from one seed, scaled so that activations keep their size."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def conv(self, x: tf.Tensor, filters: int, size: int = 3, stride: int = 1, gain: float = 1.0) -> tf.Tensor:
        inputs = int(x.shape[-1])
        scale = gain / np.sqrt(size * size * inputs)
        kernel = self.random.normal(0, scale, (size, size, inputs, filters)).astype(np.float32)
        bias = self.random.normal(0, 0.02, filters).astype(np.float32)
        return tf.nn.conv2d(x, kernel, strides=[1, stride, stride, 1], padding="SAME") + bias

    def active(self, x: tf.Tensor, filters: int, size: int = 3, stride: int = 1) -> tf.Tensor:
        return tf.nn.leaky_relu(self.conv(x, filters, size, stride, gain=1.4))


def unet(layers: Layers, x: tf.Tensor, outputs: int, channel: int = CHANNEL, blocks: int = BLOCKS) -> tf.Tensor:
    """DCT-Net's generator: two stride-2 stages, residual blocks, bilinear upsampling with sums across."""
    x0 = layers.active(x, channel, 7)
    x1 = layers.active(layers.active(x0, channel, stride=2), channel * 2)
    x2 = layers.active(layers.active(x1, channel * 2, stride=2), channel * 4)
    for _ in range(blocks):
        x2 = x2 + layers.conv(layers.active(x2, channel * 4), channel * 4, gain=0.5)
    x3 = layers.active(_double(layers.active(x2, channel * 2)) + x1, channel * 2)
    x4 = layers.active(_double(layers.active(x3, channel)) + x0, channel)
    return layers.conv(x4, outputs, 7, gain=0.5)


def _double(x: tf.Tensor) -> tf.Tensor:
    return tf.image.resize_bilinear(x, tf.shape(x)[1:3] * 2)


def guided_filter(guide: tf.Tensor, x: tf.Tensor, eps: float = 5e-3) -> tf.Tensor:
    """Radius 1, channel by channel (He et al., 2010)."""
    kernel = np.full((3, 3, 3, 1), 1 / 9, np.float32)

    def box(image: tf.Tensor) -> tf.Tensor:
        return tf.nn.depthwise_conv2d(image, kernel, strides=[1, 1, 1, 1], padding="SAME")

    share = box(tf.ones_like(guide))
    mean_guide, mean_x = box(guide) / share, box(x) / share
    covariance = box(guide * x) / share - mean_guide * mean_x
    slope = covariance / (box(guide * guide) / share - mean_guide * mean_guide + eps)
    offset = mean_x - slope * mean_guide
    return (box(slope) * guide + box(offset)) / share


def generator(seed: int) -> Callable[[], Outputs]:
    def build() -> Outputs:
        image = tf.placeholder(tf.float32, [None, None, 3], name="input_image")
        x = tf.expand_dims(image / 127.5 - 1, 0)
        drawn = guided_filter(x, unet(Layers(seed), x, 3) + x)
        drawn = tf.clip_by_value(drawn, -0.999999, 0.999999)
        tf.cast((drawn[0] + 1) * 127.5, tf.uint8, name="output_image")
        return ("output_image",)

    return build


def matting_graph(seed: int) -> Callable[[], Outputs]:
    """Three networks in one graph, as in BSHM: coarse mask, quality unification, refinement at full size."""

    def build() -> Outputs:
        layers = Layers(seed)
        image = tf.placeholder(tf.float32, [None, None, 3], name="input_image")
        frame = tf.expand_dims(image, 0)
        size = tf.shape(frame)[1:3]
        small = tf.image.resize_bilinear(frame / 127.5 - 1, [256, 256])
        coarse = tf.sigmoid(unet(layers, small, 1))
        united = tf.sigmoid(unet(layers, tf.concat([small, coarse], -1), 1))
        whole = tf.image.resize_bilinear(frame / 127.5 - 1, (size + 15) // 16 * 16)
        rough = tf.image.resize_bilinear(united, tf.shape(whole)[1:3])
        fine = tf.sigmoid(unet(layers, tf.concat([whole, rough], -1), 1) * 4)
        alpha = tf.image.resize_bilinear(fine, size)
        tf.cast(tf.concat([frame, alpha * 255], -1)[0], tf.uint8, name="output_png")
        return ("output_png",)

    return build


def freeze(build: Callable[[], Outputs], path: Path) -> None:
    """The graph `build` draws, pruned to its outputs, control flow of TensorFlow 1, as a frozen .pb."""
    tf.disable_control_flow_v2()
    with tf.Graph().as_default() as graph:
        outputs = build()
        path.parent.mkdir(parents=True, exist_ok=True)
        pruned = tf.graph_util.extract_sub_graph(graph.as_graph_def(), list(outputs))
        path.write_bytes(pruned.SerializeToString(deterministic=True))


def write_cartoon(folder: Path, seed: int = 1, *, marked: bool = False) -> Path:
    for name, build in (
        ("cartoon_bg", generator(seed)),
        ("cartoon_h", generator(seed + 1)),
        ("detector", detector(seed + 2, marked=marked)),
        ("keypoints", keypoints(seed + 3)),
    ):
        freeze(build, folder / f"{name}.pb")
    y, x = np.mgrid[-1:1:288j, -1:1:288j]
    mask = np.clip(3 - 3 * np.hypot(x, y), 0, 1) * 255
    cv2.imwrite(str(folder / "alpha.jpg"), np.repeat(mask.astype(np.uint8)[:, :, None], 3, 2))
    _configure(folder, "image-portrait-stylization", "unet-person-image-cartoon")
    return folder


def write_matting(folder: Path, seed: int = 5) -> Path:
    freeze(matting_graph(seed), folder / "tf_graph.pb")
    _configure(folder, "portrait-matting", "unet-image-matting")
    return folder


def _configure(folder: Path, task: str, kind: str) -> None:
    settings = {"framework": "tensorflow", "task": task, "pipeline": {"type": kind}}
    (folder / "configuration.json").write_text(json.dumps(settings))
