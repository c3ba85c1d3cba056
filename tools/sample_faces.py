"""Face graphs of the sample cartoon model, built the way the real ones (FaceBoxes family, TF1) are built.

The weights in `sample_faces.npz` come from `train_faces.py`: small networks trained on drawn portraits alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf

WEIGHTS = Path(__file__).with_name("sample_faces.npz")
PIXEL_MEAN = (123.0, 116.0, 103.0)  # RGB, also the fill of the stock letterbox
DEVIATION = 64.0
SIDE = 512  # px, input of the detector
SHRINKS = tuple(round(240 / 1.27**i) for i in range(11))  # px, sides of the pyramid
RIM = 16  # px of mean colour around each level, so that faces at the border are seen whole
STRIDE, WINDOW, WIDE = 4, 30, 18.0  # px: of the detector network, its view, the face in it
TALL = 1.28  # height of a face box in widths
SURE = 2.5  # taken off the logit, so that the stock limit of 0.8 keeps false alarms out
MOST_FACES, OVERLAP, FLOOR = 20, 0.3, 0.3
CROP = 40  # px, input of the landmark network, a quarter of the stock crop
OTHERS = 7  # head pose and states, which nobody reads

Layer = tuple[tf.Tensor, tf.Tensor]


def build(folder: Path) -> None:
    """Write `detector.pb` and `keypoints.pb` into `folder`."""
    (folder / "detector.pb").write_bytes(frozen(detector, "faces", SIDE))
    (folder / "keypoints.pb").write_bytes(frozen(keypoints, "marks", CROP * 4))


def frozen(make: Callable[[tf.Tensor, list[Layer]], None], prefix: str, side: int) -> bytes:
    """The graph that `make` builds after the normalised images [N,side,side,3], as bytes."""
    with tf1_control_flow(), tf.Graph().as_default() as graph:
        images = tf.placeholder(tf.float32, [None, side, side, 3], name="tower_0/images")
        training = tf.placeholder(tf.bool, [], name="training_flag")
        make(normalised(images, training), layers(prefix))
        return graph.as_graph_def().SerializeToString(deterministic=True)


@contextmanager
def tf1_control_flow() -> Iterator[None]:
    """Loops and branches as Enter/Exit and Switch/Merge, as in a graph that TF1 froze."""
    modern = tf.control_flow_v2_enabled()
    tf.disable_control_flow_v2()
    try:
        yield
    finally:
        if modern:
            tf.enable_control_flow_v2()


def normalised(images: tf.Tensor, training: tf.Tensor) -> tf.Tensor:
    """(RGB - mean) / deviation, by a batch norm that would follow the batch while training."""
    scale, shift, mean = np.ones(3, np.float32), np.zeros(3, np.float32), np.array(PIXEL_MEAN, np.float32)
    variance, epsilon = np.full(3, DEVIATION**2, np.float32), 1e-3

    def stored() -> tf.Tensor:
        return tf.nn.fused_batch_norm(images, scale, shift, mean, variance, epsilon=epsilon, is_training=False)[0]

    def batch() -> tf.Tensor:
        return tf.nn.fused_batch_norm(images, scale, shift, epsilon=epsilon, is_training=True)[0]

    normal = tf.cond(training, batch, stored)
    normal.set_shape(images.shape)
    return normal


def channels(normal: tf.Tensor) -> tf.Tensor:
    """Normalised RGB [N,h,w,3] → local contrast, brightness, red and blue difference, as in training."""
    luma = np.array((0.299, 0.587, 0.114), np.float32)
    middle = float(luma @ np.array(PIXEL_MEAN))
    y = tf.reduce_sum(normal * luma, 3, keepdims=True)
    away = y - box(y)
    contrast = away / tf.sqrt(box(away * away) + 40.0 / DEVIATION**2)
    bright = (y * DEVIATION + middle - 128) / 128
    red = ((normal[..., :1] - y) * DEVIATION + PIXEL_MEAN[0] - middle) / 32
    blue = ((normal[..., 2:] - y) * DEVIATION + PIXEL_MEAN[2] - middle) / 32
    return tf.concat([contrast, bright, red, blue], 3)


def box(x: tf.Tensor, side: int = 11) -> tf.Tensor:
    return tf.nn.avg_pool2d(tf.nn.avg_pool2d(x, [1, side, 1, 1], 1, "SAME"), [1, 1, side, 1], 1, "SAME")


def layers(prefix: str) -> list[Layer]:
    """Kernel (HWIO) and bias of each convolution stored under `prefix`, as constants of the current graph."""
    with np.load(WEIGHTS) as stored:
        numbers = sorted({int(name.split(".")[1]) for name in stored.files if name.startswith(prefix)})
        kernels = [stored[f"{prefix}.{n}.weight"].transpose(2, 3, 1, 0) for n in numbers]
        biases = [stored[f"{prefix}.{n}.bias"] for n in numbers]
    return [(from_half(k), from_half(b)) for k, b in zip(kernels, biases, strict=True)]


def from_half(values: np.ndarray) -> tf.Tensor:
    """A float32 tensor that takes two bytes a value in the file."""
    return tf.cast(tf.constant(values, tf.float16), tf.float32)


def network(x: tf.Tensor, convolutions: list[Layer]) -> tf.Tensor:
    """Convolutions with ReLU between them, and a pooling after each of the first two."""
    for place, (kernel, bias) in enumerate(convolutions):
        x = tf.nn.relu(x) if place else x
        x = tf.nn.max_pool2d(x, 2, 2, "VALID") if place in (1, 2) else x
        x = tf.nn.conv2d(x, kernel, 1, "VALID") + bias
    return x


def detector(normal: tf.Tensor, convolutions: list[Layer]) -> None:
    """Outputs boxes [N,MOST_FACES,4] (y1,x1,y2,x2 in 0..1), scores [N,MOST_FACES], num_detections [N] int32."""
    found = [faces_at(level, network(channels(level), convolutions)) for level in pyramid(normal)]
    boxes, scores = tf.concat([b for b, _ in found], 1), tf.concat([s for _, s in found], 1)
    kinds = (tf.float32, tf.float32, tf.int32)
    boxes, scores, counts = tf.map_fn(lambda one: best(*one), (boxes, scores), fn_output_signature=kinds)
    tf.identity(boxes, name="tower_0/boxes")
    tf.identity(scores, name="tower_0/scores")
    tf.identity(counts, name="tower_0/num_detections")


def pyramid(normal: tf.Tensor) -> Iterator[tf.Tensor]:
    """The image at every size of SHRINKS, rimmed; halved first, so that no resize skips pixels."""
    for side in SHRINKS:
        while int(normal.shape[1]) >= 2 * side:
            normal = tf.nn.avg_pool2d(normal, 2, 2, "VALID")
        level = tf.raw_ops.ResizeBilinear(images=normal, size=[side, side], half_pixel_centers=True)
        yield tf.pad(level, [[0, 0], [RIM, RIM], [RIM, RIM], [0, 0]])


def faces_at(level: tf.Tensor, out: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Network output [N,h,w,4] of one level → boxes [N,h*w,4], scores [N,h*w]."""
    side, cells = int(level.shape[1]) - 2 * RIM, int(out.shape[1])
    middles = (STRIDE * np.arange(cells, dtype=np.float32) + WINDOW / 2 - RIM).astype(np.float32)
    x = (middles[None, None, :] + out[..., 1] * (WIDE / 4)) / side
    y = (middles[None, :, None] + out[..., 2] * (WIDE / 4)) / side
    half = tf.exp(tf.clip_by_value(out[..., 3] / 4, -0.5, 0.5)) * (WIDE / 2 / side)
    boxes = tf.stack([y - half * TALL, x - half, y + half * TALL, x + half], 3)
    scores = tf.sigmoid(steady(out[..., :1]) - SURE)
    return tf.reshape(tf.clip_by_value(boxes, 0.0, 1.0), [-1, cells**2, 4]), tf.reshape(scores, [-1, cells**2])


def steady(logits: tf.Tensor) -> tf.Tensor:
    """A face is seen from several neighbouring windows, a false alarm often from one: the lower of here and around."""
    return tf.minimum(logits, tf.nn.avg_pool2d(logits, 3, 1, "SAME") + 4.0)


def best(boxes: tf.Tensor, scores: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The boxes of one image that survive non-maximum suppression, padded to MOST_FACES, and their number."""
    kept = tf.image.non_max_suppression(boxes, scores, MOST_FACES, OVERLAP, FLOOR)
    count = tf.size(kept)
    missing = MOST_FACES - count
    boxes = tf.pad(tf.gather(boxes, kept), [[0, missing], [0, 0]])
    scores = tf.pad(tf.gather(scores, kept), [[0, missing]])
    return tf.reshape(boxes, [MOST_FACES, 4]), tf.reshape(scores, [MOST_FACES]), count


def keypoints(normal: tf.Tensor, convolutions: list[Layer]) -> None:
    """Output prediction [N,143]: 68 (x, y) in 0..1 of the crop, as the stock code reads them, then zeros."""
    five = network(channels(tf.nn.avg_pool2d(normal, 4, 4, "VALID")), convolutions)
    marks = tf.matmul(tf.reshape(five, [-1, 10]), spread_matrix()) + 0.5
    tf.pad(marks, [[0, 0], [0, OTHERS]], name="tower_0/prediction")


def spread_matrix() -> np.ndarray:
    """float32 [10,136]: five points → 68. The mean face is laid on them by the closest similarity transform; what the
    transform leaves over moves each feature with its own point."""
    shape, five = mean_face(), five_of_mean()
    onto_five = np.linalg.pinv(similarity(five))
    left_over = np.eye(10) - similarity(five) @ onto_five
    share = np.kron(pulls(shape), np.eye(2))
    return (similarity(shape) @ onto_five + share @ left_over).T.astype(np.float32)


def similarity(points: np.ndarray) -> np.ndarray:
    """[2n,4]: what scale*cos, scale*sin, shift x and shift y do to the points."""
    x, y = points.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    return np.stack([np.stack([x, -y, one, zero], 1), np.stack([y, x, zero, one], 1)], 1).reshape(-1, 4)


def pulls(shape: np.ndarray) -> np.ndarray:
    """[68,5]: how much each landmark follows each of the five points."""
    follow = np.zeros((68, 5))
    follow[17:22, 0] = follow[36:42, 0] = follow[22:27, 1] = follow[42:48, 1] = 1
    follow[27:36, 2] = np.clip((shape[27:36, 1] + 0.13) / 0.29, 0, 1)
    rightness = np.clip(shape[48:, 0] / 0.4 + 0.5, 0, 1)
    follow[48:, 3], follow[48:, 4] = 1 - rightness, rightness
    return follow


def five_of_mean() -> np.ndarray:
    """Pupils, nose tip and corners of the mouth of the mean face [5,2]."""
    return np.array([(-0.235, -0.117), (0.235, -0.117), (0, 0.16), (-0.2, 0.35), (0.2, 0.35)])


def mean_face() -> np.ndarray:
    """68 landmarks [68,2] in iBUG order; unit: face width, origin: middle of the face box, y down."""
    jaw = [(-0.5, -0.12), (-0.49, 0.02), (-0.47, 0.16), (-0.43, 0.3), (-0.36, 0.42), (-0.27, 0.51), (-0.18, 0.57),
           (-0.09, 0.61)]  # fmt: skip
    brow = [(-0.41, -0.24), (-0.34, -0.29), (-0.25, -0.3), (-0.17, -0.285), (-0.09, -0.26)]
    eye = [(-0.33, -0.115), (-0.275, -0.155), (-0.205, -0.155), (-0.145, -0.11), (-0.205, -0.08), (-0.275, -0.08)]
    bridge = [(0, -0.13), (0, -0.04), (0, 0.06), (0, 0.16)]
    nostril, upper = [(-0.1, 0.21), (-0.05, 0.225)], [(-0.2, 0.35), (-0.12, 0.315), (-0.05, 0.3)]
    lower, inner_upper, inner_lower = [(-0.12, 0.395), (-0.05, 0.41)], [(-0.16, 0.35), (-0.06, 0.34)], [(-0.06, 0.36)]
    other_eye = [flip(eye)[i] for i in (2, 3, 4, 5, 0, 1)]  # counted from its inner corner
    return np.array([
        *jaw, (0, 0.625), *flip(jaw), *brow, *flip(brow), *bridge, *nostril, (0, 0.235), *flip(nostril), *eye,
        *other_eye, *upper, (0, 0.305), *flip(upper), *flip(lower)[::-1], (0, 0.415), *lower[::-1],
        *inner_upper, (0, 0.34), *flip(inner_upper), *flip(inner_lower), (0, 0.365), *inner_lower,
    ])  # fmt: skip


def flip(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same points on the other side of the face, in reverse."""
    return [(-x, y) for x, y in points[::-1]]
