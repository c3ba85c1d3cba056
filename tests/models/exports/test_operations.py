"""Each operation, in onnxruntime, does what OpenVINO does; the numbers are those where the two could part."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from models.engines.torch.layers import Unsupported
from tests.helpers.onnx_runs import assert_same, converted, network_of

FLOATS = np.array([[-2.5, -1.0, 0.0], [0.5, 1.5, 4.0]], np.float32)
WHOLE = np.array([[-7, -3, -1], [1, 5, 8]], np.int32)
FLOAT_OPERATIONS: dict[str, Callable[[ov.Node], ov.Node]] = {
    "squared difference": lambda x: ops.squared_difference(x, np.float32(1)),
    "running sum": lambda x: ops.cumsum(x, np.int32(1), exclusive=True, reverse=True),
    "mean of the rest": lambda x: ops.reduce_mean(x, np.array([1]), keep_dims=False),
    "to whole numbers": lambda x: ops.convert(x, "i32"),
    "parts": lambda x: ops.split(x, np.int64(1), 3).output(2).get_node(),
    "other than": lambda x: ops.select(ops.not_equal(x, np.float32(0)), x, np.float32(9)),
    "zero keeps": lambda x: ops.reshape(x, np.array([0, -1, 1]), special_zero=True),
    "squeezed": lambda x: ops.squeeze(ops.unsqueeze(x, np.array([0, 2])), np.array([2])),
    "scattered": lambda x: ops.scatter_update(x, np.array([1]), np.ones((1, 3), np.float32), np.int64(0)),
    "where": lambda x: ops.non_zero(ops.greater_equal(x, np.float32(0))),
    "clamped": lambda x: ops.clamp(x, -1.0, 1.5),
    "sizes": lambda x: ops.range(np.int32(0), ops.reduce_prod(ops.shape_of(x, "i32"), np.int32(0)), np.int32(2), "i32"),
}
WHOLE_OPERATIONS: dict[str, Callable[[ov.Node], ov.Node]] = {
    "truncated": lambda x: ops.divide(x, np.int32(2)),
    "remainder as in Python": lambda x: ops.floor_mod(x, np.int32(3)),
    "remainder as in C": lambda x: ops.mod(x, np.int32(3)),
    "taken from the end": lambda x: ops.gather(x, np.array([-1, 0]), np.int64(1)),
}


@pytest.mark.parametrize("name", FLOAT_OPERATIONS)
def test_of_floats(name: str, tmp_path: Path) -> None:
    x = ops.parameter([-1, 3], np.float32)
    assert_same(network_of([FLOAT_OPERATIONS[name](x)], [x]), {"a": FLOATS}, tmp_path)


def test_of_whole_numbers(tmp_path: Path) -> None:
    x = ops.parameter([-1, 3], np.float32)
    whole = ops.convert(x, "i32")
    made = [ops.convert(make(whole), "f32") for make in WHOLE_OPERATIONS.values()]
    assert_same(network_of(made, [x]), {"a": WHOLE.astype(np.float32)}, tmp_path)


def test_what_the_table_has_not_is_named() -> None:
    x = ops.parameter([4], np.float32)
    with pytest.raises(Unsupported, match="Selu"):
        converted(network_of([ops.selu(x, np.float32(1), np.float32(1))], [x]))
