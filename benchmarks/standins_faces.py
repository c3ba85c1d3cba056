"""The face graphs of the cartoon stand-in as their authors' public training code builds them, with random weights.

Detector: FaceBoxes (Zhang et al., 2017) with inception blocks; landmarks: ShuffleNetV2 1.0 (Ma et al., 2018). Every
batch norm is a `tf.cond` on the training flag with three outputs, as slim writes it. Needs TensorFlow.
"""

import os
from collections.abc import Callable, Sequence

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow.compat.v1 as tf

LANDMARKS, OTHERS = 68, 7
PIXEL_MEAN = (123.0, 116.0, 103.0)
# Cells per side and, for each, the anchors: (side as a share of the frame, how many per side of a cell).
ANCHORS = ((32, ((1 / 16, 4), (1 / 8, 2), (1 / 4, 1))), (16, ((1 / 2, 1),)), (8, ((0.4, 1),)))
MIN_SCORE, OVERLAP, MAX_BOXES = 0.05, 0.3, 100
SURE_LOGIT = -7.0  # so that few of the 21,824 anchors hold a face
STAGES = ((116, 4), (232, 8), (464, 4))
MARK, MARKED_GRID = (255, 0, 255), 8

Outputs = tuple[str, ...]


class FaceLayers:
    """Convolutions and batch norms with random weights from one seed, read through an Identity as frozen graphs do."""

    def __init__(self, seed: int, training: tf.Tensor) -> None:
        self.random, self.training = np.random.default_rng(seed), training

    def read(self, values: np.ndarray) -> tf.Tensor:
        return tf.identity(tf.constant(values.astype(np.float32)))

    def kernel(self, *shape: int, gain: float = 1.4) -> tf.Tensor:
        return self.read(self.random.normal(0, gain / np.sqrt(np.prod(shape[:-1])), shape))

    def conv(self, x: tf.Tensor, filters: int, size: int = 1, stride: int = 1) -> tf.Tensor:
        """Convolution and batch norm."""
        kernel = self.kernel(size, size, int(x.shape[-1]), filters)
        return self.norm(tf.nn.conv2d(x, kernel, strides=[1, stride, stride, 1], padding="SAME"))

    def active(self, x: tf.Tensor, filters: int, size: int = 1, stride: int = 1) -> tf.Tensor:
        return tf.nn.relu(self.conv(x, filters, size, stride))

    def crelu(self, x: tf.Tensor, filters: int, size: int, stride: int) -> tf.Tensor:
        x = self.conv(x, filters, size, stride)
        return tf.nn.relu(tf.concat([x, -x], 3))

    def depthwise(self, x: tf.Tensor, stride: int = 1) -> tf.Tensor:
        return self.norm(self._each(x, stride))

    def separable(self, x: tf.Tensor, filters: int, stride: int) -> tf.Tensor:
        """Depthwise, pointwise, and one norm behind both."""
        return tf.nn.relu(self.conv(self._each(x, stride), filters))

    def _each(self, x: tf.Tensor, stride: int) -> tf.Tensor:
        kernel = self.read(self.random.normal(0, 1.4 / 3, (3, 3, int(x.shape[-1]), 1)))
        return tf.nn.depthwise_conv2d(x, kernel, strides=[1, stride, stride, 1], padding="SAME")

    def norm(self, x: tf.Tensor) -> tf.Tensor:
        channels, draw = int(x.shape[-1]), self.random
        scale, shift = self.read(draw.uniform(0.8, 1.2, channels)), self.read(draw.normal(0, 0.05, channels))
        mean, variance = self.read(draw.normal(0, 0.05, channels)), self.read(draw.uniform(0.8, 1.2, channels))
        normal, _, _ = tf.cond(
            self.training,
            lambda: tuple(tf.nn.fused_batch_norm(x, scale, shift, epsilon=1e-3, is_training=True)),
            lambda: tuple(tf.nn.fused_batch_norm(x, scale, shift, mean, variance, 1e-3, is_training=False)),
        )
        normal.set_shape(x.shape)
        return normal

    def head(self, x: tf.Tensor, outputs: int, size: int, bias: Sequence[float], gain: float = 1.0) -> tf.Tensor:
        """A last convolution, with a bias and no norm."""
        kernel = self.kernel(size, size, int(x.shape[-1]), outputs, gain=gain)
        return tf.nn.bias_add(tf.nn.conv2d(x, kernel, strides=1, padding="SAME"), self.read(np.array(bias)))


def placeholders(side: int) -> tuple[tf.Tensor, tf.Tensor]:
    images = tf.placeholder(tf.float32, [None, side, side, 3], name="tower_0/images")
    return images, tf.placeholder(tf.bool, [], name="training_flag")


def detector(seed: int, *, marked: bool = False) -> Callable[[], Outputs]:
    """Random scores, but some of them sure: overlapping boxes of several sizes, suppressed in a `map_fn`.

    A `marked` one does the same work, but is sure only where a cell of the frame, an eighth of its side, is MARK.
    """

    def build() -> Outputs:
        images, training = placeholders(512)
        layers = FaceLayers(seed, training)
        encoded, logits = [], []
        for (grid, anchors), x in zip(ANCHORS, detector_features(layers, images), strict=True):
            count = sum(rows**2 for _, rows in anchors)
            encoded.append(tf.reshape(layers.head(x, count * 4, 3, np.zeros(count * 4)), [-1, grid**2 * count, 4]))
            classes = layers.head(x, count * 2, 3, [0, SURE_LOGIT] * count, gain=2.2)
            classes = marks(images, grid, classes) if marked else classes
            logits.append(tf.reshape(classes, [-1, grid**2 * count, 2]))
        scores = tf.nn.softmax(tf.concat(logits, 1))[:, :, 1]
        return suppress(decode(tf.concat(encoded, 1)), scores)

    return build


def detector_features(layers: FaceLayers, images: tf.Tensor) -> list[tf.Tensor]:
    x = (images - np.array(PIXEL_MEAN, np.float32)) / 64
    for filters, size, crelu in ((12, 7, False), (24, 3, True), (32, 3, False), (64, 3, True)):
        x = (layers.crelu if crelu else layers.active)(x, filters, size, 2)
    for _ in range(3):
        x = inception(layers, x)
    features = [x]
    for _ in range(2):
        features.append(layers.active(layers.active(features[-1], 128), 256, 3, 2))
    return features


def inception(layers: FaceLayers, x: tf.Tensor) -> tf.Tensor:
    """Four branches of 32 channels."""
    pooled = layers.active(tf.nn.max_pool2d(x, 3, 1, "SAME"), 32)
    short = layers.active(layers.active(x, 24), 32, 3)
    long = layers.active(layers.active(layers.active(x, 24), 32, 3), 32, 3)
    return tf.concat([layers.active(x, 32), pooled, short, long], 3)


def marks(images: tf.Tensor, grid: int, classes: tf.Tensor) -> tf.Tensor:
    """Logits [N,grid,grid,2k] that say face where a cell has the colour of MARK; found on the coarse grid alone."""
    like = tf.cast(tf.reduce_max(tf.abs(images - MARK), -1, keepdims=True) < 40, tf.float32)
    share = tf.nn.avg_pool2d(like, 512 // grid, 512 // grid, "VALID")
    face = 20 * share - 10 if grid == MARKED_GRID else 0 * share - 10
    # No tile: OpenVINO 2026.4 loses its axes when it moves transposes (TSBinaryForward).
    return classes * 1e-3 + tf.concat([0 * face, face] * (int(classes.shape[-1]) // 2), 3)


def anchor_boxes() -> np.ndarray:
    """Centres and sides (y, x, height, width) [21824,4], in the order of the heads' outputs."""
    made = []
    for grid, anchors in ANCHORS:
        y, x = np.mgrid[0:grid, 0:grid] / grid
        cells = []
        for side, rows in anchors:
            for row, column in np.ndindex(rows, rows):
                centre = ((0.5 + row) / rows / grid, (0.5 + column) / rows / grid)
                cells.append(np.stack([y + centre[0], x + centre[1], np.full_like(y, side), np.full_like(y, side)], -1))
        made.append(np.stack(cells, 2).reshape(-1, 4))
    return np.concatenate(made).astype(np.float32)


def decode(encoded: tf.Tensor) -> tf.Tensor:
    """Offsets [N,n,4] from the anchors → boxes (y1, x1, y2, x2) in 0..1."""
    anchors = anchor_boxes()
    tiled = tf.tile(tf.expand_dims(anchors, 0), tf.stack([tf.shape(encoded)[0], 1, 1]))
    ya, xa, ha, wa = tf.unstack(tf.reshape(tiled, [-1, 4]), axis=1)
    ty, tx, th, tw = tf.unstack(tf.transpose(tf.reshape(encoded, [-1, 4])))
    height, width = tf.exp(th / 5) * ha, tf.exp(tw / 5) * wa
    cy, cx = ty / 10 * ha + ya, tx / 10 * wa + xa
    corners = tf.stack([cy - height / 2, cx - width / 2, cy + height / 2, cx + width / 2], 1)
    return tf.clip_by_value(tf.reshape(corners, tf.stack([-1, len(anchors), 4])), 0.0, 1.0)


def suppress(boxes: tf.Tensor, scores: tf.Tensor) -> Outputs:
    def one(pair: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        likely = tf.squeeze(tf.where(pair[1] >= MIN_SCORE), 1)
        boxes, scores = tf.gather(pair[0], likely), tf.gather(pair[1], likely)
        kept = tf.image.non_max_suppression(boxes, scores, MAX_BOXES, OVERLAP)
        count = tf.size(kept)
        boxes = tf.pad(tf.gather(boxes, kept), [[0, MAX_BOXES - count], [0, 0]])
        scores = tf.pad(tf.gather(scores, kept), [[0, MAX_BOXES - count]])
        return tf.reshape(boxes, [MAX_BOXES, 4]), tf.reshape(scores, [MAX_BOXES]), count

    found = tf.map_fn(one, (boxes, scores), dtype=(tf.float32, tf.float32, tf.int32))
    names = ("tower_0/boxes", "tower_0/scores", "tower_0/num_detections")
    for array, name in zip(found, names, strict=True):
        tf.identity(array, name=name)
    return names


def keypoints(seed: int) -> Callable[[], Outputs]:
    """A plausible face shape, moved a little by a random network."""

    def build() -> Outputs:
        images, training = placeholders(160)
        layers = FaceLayers(seed, training)
        x = layers.active(images / 127.5 - 1, 24, 3, 2)
        x = layers.separable(x, 32, 2)
        means = []
        for channels, units in STAGES:
            x = stage(layers, x, channels, units)
            means.append(tf.reduce_mean(x, [1, 2], keepdims=True))
        moved = layers.head(tf.concat(means, 3), LANDMARKS * 2 + OTHERS, 1, face_shape(), gain=0.05)
        tf.squeeze(moved, [1, 2], name="tower_0/prediction")
        return ("tower_0/prediction",)

    return build


def stage(layers: FaceLayers, x: tf.Tensor, channels: int, units: int) -> tf.Tensor:
    """Units of ShuffleNetV2; the first halves the sides."""
    x, y = halved(layers, x, channels // 2)
    for _ in range(units - 1):
        x, y = shuffled(x, y)
        x = unit(layers, x)
    return tf.concat([x, y], 3)


def halved(layers: FaceLayers, x: tf.Tensor, channels: int) -> tuple[tf.Tensor, tf.Tensor]:
    y = layers.depthwise(layers.active(x, int(x.shape[-1])), 2)
    return layers.active(layers.depthwise(x, 2), channels), layers.active(y, channels)


def unit(layers: FaceLayers, x: tf.Tensor) -> tf.Tensor:
    channels = int(x.shape[-1])
    return layers.active(layers.depthwise(layers.active(x, channels)), channels)


def shuffled(x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The channels of both, one from each in turn, parted again; the sizes are read while it runs."""
    size, channels = tf.shape(x), int(x.shape[-1])
    both = tf.transpose(tf.stack([x, y], 3), [0, 1, 2, 4, 3])
    mixed = tf.reshape(both, tf.stack([size[0], size[1], size[2], 2 * channels]))
    first, second = tf.split(mixed, 2, 3)
    return first, second


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
    return np.concatenate([points.ravel(), np.zeros(OTHERS, np.float32)])
