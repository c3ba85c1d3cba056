"""What is in half precision, and that inputs and outputs are not."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import openvino as ov
from onnx import TensorProto
from openvino import opset13 as ops

from models.exports.checks import answers
from models.exports.network import keep
from tests.helpers.onnx_runs import converted, network_of


def dense(x: ov.Node, seed: int) -> ov.Node:
    kernel = np.random.default_rng(seed).normal(size=(3, 3, 3, 3)).astype(np.float32) / 5
    return ops.convolution(x, kernel, [1, 1], [1, 1], [1, 1], [1, 1])


def test_half_precision_is_for_dense_layers_and_light_ones_between_them(tmp_path: Path) -> None:
    image = ops.parameter([1, 3, -1, -1], np.float32)
    between = ops.softmax(ops.relu(dense(ops.multiply(image, np.float32(2)), 1)), 1)
    network = network_of([ops.exp(dense(between, 2))], [image])
    files = {half: tmp_path / f"{half}.onnx" for half in (False, True)}
    for half, path in files.items():
        converted(network, half=half).save(path)
    model = onnx.load(files[True])
    assert {port.type.tensor_type.elem_type for port in [*model.graph.input, *model.graph.output]} == {
        TensorProto.FLOAT
    }
    # To half before each of two dense layers, and back behind it.
    assert Counter(node.op_type for node in model.graph.node)["Cast"] == 4
    assert Counter(each.data_type for each in model.graph.initializer)[TensorProto.FLOAT16] == 2
    arrays = {"a": np.random.default_rng(3).normal(size=(1, 3, 6, 5)).astype(np.float32)}
    exact, rounded = (answers(path, [arrays], threads=1)[0]["0"] for path in files.values())
    assert not np.array_equal(exact, rounded)
    np.testing.assert_allclose(rounded, exact, rtol=0.01)


def test_box_sums_behind_the_last_dense_layer_are_exact() -> None:
    """As in a guided filter, which divides by a difference of two of them."""
    image = ops.parameter([1, 3, -1, -1], np.float32)
    box = np.full((3, 1, 1, 3, 3), 1 / 9, np.float32)
    summed = ops.group_convolution(dense(image, 1), box, [1, 1], [1, 1], [1, 1], [1, 1])
    kinds = [node.op_type for node in converted(network_of([summed], [image]), half=True).model.graph.node]
    assert kinds == ["Cast", "Conv", "Cast", "Conv", "Identity"]


def test_outputs_that_nobody_wants_are_left_out() -> None:
    x = ops.parameter([4], np.float32)
    network = network_of([ops.negative(x), ops.selu(x, np.float32(1), np.float32(1))], [x])
    keep(network, ["0"])
    assert [node.op_type for node in converted(network).model.graph.node] == ["Neg", "Identity"]
