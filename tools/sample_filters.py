"""Filters of the sample models as TensorFlow graph nodes: shrink, enlarge, box mean, guided filter, geodesic distance.

Pictures are planes first, [c,h,w], so that taking and joining channels copies whole planes. Made of pooling, gathering
and pointwise operations only: with no convolution, matrix product or resize operation in a graph, OpenVINO's bf16 mode
leaves all of it in f32.
"""

import numpy as np
import tensorflow as tf

TAPS = 3  # samples per cell and axis when a picture is shrunk
TURNS = 6  # the straight pieces of a geodesic path


def axis_taps(x: tf.Tensor, side: int, axis: int) -> tf.Tensor:
    size = tf.cast(tf.shape(x)[axis], tf.float32)
    places = np.float32((np.arange(side * TAPS) + 0.5) / (side * TAPS))
    return tf.gather(x, tf.cast(tf.floor(places * size), tf.int32), axis=axis)


def shrink(x: tf.Tensor, side: int) -> tf.Tensor:
    """[H,W,3] → planes [3,side,side], each cell the mean of TAPS x TAPS samples."""
    x = axis_taps(x, side, 0)
    x = tf.reduce_mean(tf.reshape(x, tf.stack([side, TAPS, tf.shape(x)[1], 3])), 1)
    x = tf.reduce_mean(tf.reshape(axis_taps(x, side, 1), [side, side, TAPS, 3]), 2)
    return tf.transpose(x, [2, 0, 1])


def half(x: tf.Tensor) -> tf.Tensor:
    """Planes at half the size, by means of 2 x 2."""
    return tf.nn.avg_pool2d(x[..., None], 2, 2, "SAME")[..., 0]


def enlarge_axis(x: tf.Tensor, size: tf.Tensor | int, axis: int) -> tf.Tensor:
    side = int(x.shape[axis])
    place = (tf.cast(tf.range(size), tf.float32) + 0.5) * (side / tf.cast(size, tf.float32)) - 0.5
    place = tf.clip_by_value(place, 0.0, side - 1.0)
    low = tf.minimum(tf.floor(place), side - 2.0)
    share = tf.reshape(place - low, [1, -1, 1] if axis == 1 else [1, 1, -1])
    first = tf.cast(low, tf.int32)
    below, above = tf.gather(x, first, axis=axis), tf.gather(x, first + 1, axis=axis)
    return below + (above - below) * share


def enlarge(x: tf.Tensor, height: tf.Tensor | int, width: tf.Tensor | int) -> tf.Tensor:
    """Planes at another size: bilinear, half-pixel centres."""
    return enlarge_axis(enlarge_axis(x, width, 2), height, 1)


def box(x: tf.Tensor, radius: int) -> tf.Tensor:
    """The mean over a square window, inside the picture only."""
    side = 2 * radius + 1
    x = tf.transpose(x[None], [0, 2, 3, 1])  # OpenVINO cancels this against its own change of layout
    x = tf.nn.avg_pool2d(tf.nn.avg_pool2d(x, [1, side, 1, 1], 1, "SAME"), [1, 1, side, 1], 1, "SAME")
    return tf.transpose(x, [0, 3, 1, 2])[0]


def highest(x: tf.Tensor) -> tf.Tensor:
    """The maximum of each pixel and its eight neighbours."""
    return tf.nn.max_pool2d(x[..., None], 3, 1, "SAME")[..., 0]


def guided(guide: tf.Tensor, target: tf.Tensor, *, radius: int, eps: float) -> tf.Tensor:
    """Guided filter: per-pixel weights [4,h,w] that predict the target from the guide's three colours and one."""
    squares = [guide[i : i + 1] * guide[i:] for i in range(3)]
    means = box(tf.concat([guide, target, target * guide, *squares], 0), radius)
    r, g, b, aim, xr, xg, xb, rr, rg, rb, gg, gb, bb = tf.split(means, 13, 0)
    x, y, z = xr - aim * r, xg - aim * g, xb - aim * b
    rr, gg, bb = rr - r * r + eps, gg - g * g + eps, bb - b * b + eps
    rg, rb, gb = rg - r * g, rb - r * b, gb - g * b
    c0, c1, c2 = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c3, c4, c5 = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    inverse = 1.0 / (rr * c0 + rg * c1 + rb * c2)
    u, v = (c0 * x + c1 * y + c2 * z) * inverse, (c1 * x + c3 * y + c4 * z) * inverse
    w = (c2 * x + c4 * y + c5 * z) * inverse
    return box(tf.concat([u, v, w, aim - u * r - v * g - w * b], 0), radius)


def predict(weights: tf.Tensor, guide: tf.Tensor) -> tf.Tensor:
    """[1,h,w]: the weights of `guided` applied to a guide of the same size."""
    return total(weights[:3] * guide) + weights[3:]


def total(x: tf.Tensor) -> tf.Tensor:
    """The sum over planes, kept as one plane."""
    return tf.reduce_sum(x, 0, keepdims=True)


def weighted(x: tf.Tensor | np.ndarray, weight: tf.Tensor | np.ndarray) -> tf.Tensor:
    """The weighted mean of each plane as [c,1,1]."""
    return tf.reduce_sum(x * weight, [1, 2], keepdims=True) / (tf.reduce_sum(weight, [1, 2], keepdims=True) + 1e-6)


def sweep(distance: tf.Tensor, cost: tf.Tensor, axis: int) -> tf.Tensor:
    """Relax along whole rows or columns at once: a straight path costs the difference of the cost's running sums."""
    run = tf.cumsum(cost, axis)
    paths = tf.abs(tf.expand_dims(run, axis) - tf.expand_dims(run, axis + 1))
    return tf.reduce_min(tf.expand_dims(distance, axis) + paths, axis + 1)


def geodesic(cost: tf.Tensor, start: tf.Tensor) -> tf.Tensor:
    """Least summed cost [1,h,w] of a path of at most TURNS straight pieces, from the distances in `start`."""
    distance = start[0]
    for turn in range(TURNS):
        distance = sweep(distance, cost[0], turn % 2)
    return distance[None]
