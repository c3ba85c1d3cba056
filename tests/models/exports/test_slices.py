"""Cuts with every kind of mask, bounds that are calculated, rims that mirror."""

from pathlib import Path

import numpy as np
from openvino import opset13 as ops

from tests.helpers.onnx_runs import assert_same, network_of

X = np.arange(2 * 5 * 7, dtype=np.float32).reshape(2, 5, 7)


def test_cuts_of_tensorflow(tmp_path: Path) -> None:
    x = ops.parameter([2, -1, -1], np.float32)
    many = {"begin": [0, 1], "end": [0, 5], "strides": [1, 2]}
    made = [
        ops.strided_slice(x, [0, 4], [0, 1], [1, -1], [1, 0], [1, 0]),
        ops.strided_slice(x, [0, 0, 5], [0, 0, 0], [1, -1, -2], [1, 1, 0], [1, 1, 1]),
        ops.strided_slice(x, [0, -1], [0, 0], [1, 1], [1, 0], [1, 0], [], [0, 1]),
        ops.strided_slice(x, **many, begin_mask=[0, 0], end_mask=[0, 0], ellipsis_mask=[1, 0]),
        ops.strided_slice(x, [0, 0, 1], [0, 0, 2], [1, 1, 1], [1, 1, 0], [1, 1, 0], [0, 1, 0]),
    ]
    assert_same(network_of(made, [x]), {"a": X}, tmp_path)


def test_bounds_that_are_calculated(tmp_path: Path) -> None:
    x = ops.parameter([2, -1, -1], np.float32)
    half = ops.divide(ops.shape_of(x, "i64"), np.array([1, 2, 2]))
    made = [
        ops.strided_slice(x, half, ops.shape_of(x, "i64"), [1, 1, 1], [1, 0, 0], [0, 0, 1]),
        ops.strided_slice(
            x, ops.subtract(half, np.array([1, 0, 0])), half, [1, 1, 1], [0, 1, 0], [0, 1, 1], [], [1, 0, 0]
        ),
        ops.slice(x, np.array([1]), ops.gather(half, np.array([1]), np.int64(0)), np.array([1]), np.array([2])),
    ]
    assert_same(network_of(made, [x]), {"a": X}, tmp_path)


def test_rims(tmp_path: Path) -> None:
    x = ops.parameter([2, -1, -1], np.float32)
    made = [ops.pad(x, [0, 2, 1], [0, 1, 3], mode) for mode in ("symmetric", "reflect", "edge")]
    made.append(ops.pad(x, [0, 2, 1], [0, 1, 0], "constant", np.float32(5)))
    assert_same(network_of(made, [x]), {"a": X}, tmp_path)
