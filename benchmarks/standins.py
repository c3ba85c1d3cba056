"""Cartoon and matting stand-ins of full size with random weights, in ModelScope's folder format.

Same architecture and cost, no talent: DCT-Net's generator (U-Net, channel 32, 4 residual blocks, guided filter), a
FaceBoxes-like detector with two scales, a landmark network, and a matting graph of three U-Nets (BSHM). Needs
TensorFlow.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import numpy as np
import tensorflow.compat.v1 as tf

CHANNEL = 32
BLOCKS = 4
LANDMARKS = 68
ANCHOR_GRIDS = ((16, 0.22), (8, 0.4))  # cells per side, box side as a share of the frame
MAX_BOXES = 20
MARK, MARKED_GRID = (255, 0, 255), 8


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


def batch_norm(x: tf.Tensor, training: tf.Tensor) -> tf.Tensor:
    """Two branches on the training flag, as slim's batch norm leaves them in a frozen graph."""
    one, zero = np.ones(int(x.shape[-1]), np.float32), np.zeros(int(x.shape[-1]), np.float32)
    return tf.cond(
        training,
        lambda: tf.nn.fused_batch_norm(x, one, zero, epsilon=1e-3, is_training=True)[0],
        lambda: tf.nn.fused_batch_norm(x, one, zero, zero, one, epsilon=1e-3, is_training=False)[0],
    )


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


def generator(seed: int) -> Callable[[], None]:
    def build() -> None:
        image = tf.placeholder(tf.float32, [None, None, 3], name="input_image")
        x = tf.expand_dims(image / 127.5 - 1, 0)
        drawn = guided_filter(x, unet(Layers(seed), x, 3) + x)
        drawn = tf.clip_by_value(drawn, -0.999999, 0.999999)
        tf.cast((drawn[0] + 1) * 127.5, tf.uint8, name="output_image")

    return build


def detector(seed: int, *, marked: bool = False) -> Callable[[], None]:
    """Random scores, but some of them sure: several overlapping boxes on two scales, suppressed in a `map_fn`.

    A `marked` one does the same work, but is sure only where a cell of the frame, an eighth of its side, is MARK.
    """

    def build() -> None:
        layers = Layers(seed)
        images = tf.placeholder(tf.float32, [None, 512, 512, 3], name="tower_0/images")
        training = tf.placeholder(tf.bool, [], name="training_flag")
        x = batch_norm(images / 127.5 - 1, training)
        x = layers.active(layers.active(layers.active(x, 24, 7, 4), 48, 5, 4), 64, 3, 2)
        boxes, scores = [], []
        for grid, side in ANCHOR_GRIDS:
            boxes.append(_decode(layers.conv(x, 4), grid, side))
            logits = layers.conv(x, 1, gain=8.0) - 2.0
            sure = _marks(images, grid, logits) if marked else tf.sigmoid(logits)
            scores.append(tf.reshape(sure, [-1, grid * grid]))
            x = layers.active(x, 64, stride=2)
        _suppress(tf.concat(boxes, 1), tf.concat(scores, 1))

    return build


def _marks(images: tf.Tensor, grid: int, logits: tf.Tensor) -> tf.Tensor:
    """Scores [N,grid,grid,1]: near 1 where a cell has the colour of MARK; found on the coarse grid alone."""
    like = tf.cast(tf.reduce_max(tf.abs(images - MARK), -1, keepdims=True) < 40, tf.float32)
    share = tf.nn.avg_pool2d(like, 512 // grid, 512 // grid, "VALID")
    return tf.sigmoid(logits * 1e-3 + (20 * share - 10 if grid == MARKED_GRID else -10.0))


def _decode(offsets: tf.Tensor, grid: int, side: float) -> tf.Tensor:
    """Boxes [N,grid²,4] (y1, x1, y2, x2): centres near their cell, sides near `side`."""
    y, x = np.mgrid[0:grid, 0:grid].astype(np.float32) / grid + 0.5 / grid
    moved = tf.tanh(offsets) * 0.5
    cy, cx = y + moved[..., 0] / grid, x + moved[..., 1] / grid
    half_h, half_w = side / 2 * tf.exp(moved[..., 2]), side / 2 * tf.exp(moved[..., 3])
    corners = tf.stack([cy - half_h, cx - half_w, cy + half_h, cx + half_w], -1)
    return tf.reshape(corners, [-1, grid * grid, 4])


def _suppress(boxes: tf.Tensor, scores: tf.Tensor) -> None:
    def one(pair: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        kept = tf.image.non_max_suppression(pair[0], pair[1], MAX_BOXES, iou_threshold=0.3, score_threshold=0.05)
        count = tf.shape(kept)[0]
        rest = [[0, MAX_BOXES - count]]
        return tf.pad(tf.gather(pair[0], kept), [*rest, [0, 0]]), tf.pad(tf.gather(pair[1], kept), rest), count

    found = tf.map_fn(one, (boxes, scores), dtype=(tf.float32, tf.float32, tf.int32))
    for array, name in zip(found, ("boxes", "scores", "num_detections"), strict=True):
        tf.identity(array, name=f"tower_0/{name}")


def keypoints(seed: int) -> Callable[[], None]:
    """A plausible face shape, moved a little by a random network."""

    def build() -> None:
        layers = Layers(seed)
        images = tf.placeholder(tf.float32, [None, 160, 160, 3], name="tower_0/images")
        training = tf.placeholder(tf.bool, [], name="training_flag")
        x = batch_norm(images / 127.5 - 1, training)
        for filters in (16, 32, 64, 64):
            x = layers.active(x, filters, stride=2)
        moved = tf.tanh(tf.reduce_mean(layers.conv(x, LANDMARKS * 2 + 7), [1, 2])) * 0.03
        tf.add(moved, face_shape(), name="tower_0/prediction")

    return build


def face_shape() -> np.ndarray:
    """68 points of a schematic face in 0..1 of the crop, then 7 zeros: [143] float32."""
    points = np.full((LANDMARKS, 2), 0.5, np.float32)
    turn = np.linspace(0, 2 * np.pi, 7)[:6]
    ring = np.stack([-np.cos(turn), -np.sin(turn)], 1)
    points[:17] = np.stack([np.linspace(0.2, 0.8, 17), 0.5 + 0.35 * np.sin(np.linspace(0, np.pi, 17))], 1)
    points[36:42] = (0.37, 0.42) + ring * (0.06, 0.03)
    points[42:48] = (0.63, 0.42) + ring * (0.06, 0.03)
    points[30] = (0.5, 0.57)
    points[48], points[54] = (0.4, 0.7), (0.6, 0.7)
    return np.concatenate([points.ravel(), np.zeros(7, np.float32)])


def matting_graph(seed: int) -> Callable[[], None]:
    """Three networks in one graph, as in BSHM: coarse mask, quality unification, refinement at full size."""

    def build() -> None:
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

    return build


def freeze(build: Callable[[], None], path: Path) -> None:
    """The graph `build` draws, control flow of TensorFlow 1, as a frozen .pb."""
    tf.disable_control_flow_v2()
    with tf.Graph().as_default() as graph:
        build()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))


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
