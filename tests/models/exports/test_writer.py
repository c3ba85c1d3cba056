"""The graph in the making: names that nobody else has, equal constants once, one cast however many want it."""

import numpy as np
import onnx
from onnx import TensorProto

from models.exports.writer import Writer


def test_names_are_not_given_twice_and_those_of_inputs_and_outputs_stay_free() -> None:
    w = Writer(taken=["image"])
    w.scope = "image"
    first, second = w.constant(np.zeros(40)), w.constant(np.ones(40))
    assert len({"image", first, second}) == 3


def test_small_constants_are_kept_once_and_unused_ones_not_at_all() -> None:
    w = Writer()
    w.scope = "x"
    assert w.constant([1, 2]) == w.constant(np.array([1, 2], np.int32)) != w.constant([1.0, 2.0])
    w.rename(w.add("Neg", w.constant([1.0, 2.0])), "out")
    w.drop_unused()
    (kept,) = w.model.graph.initializer
    assert onnx.numpy_helper.to_array(kept).dtype == np.float32


def test_a_value_is_cast_once() -> None:
    w = Writer()
    w.scope = "x"
    x = w.constant([1.0])
    assert w.cast(x, TensorProto.FLOAT) == x
    assert w.cast(x, TensorProto.FLOAT16) == w.cast(x, TensorProto.FLOAT16)
    assert [node.op_type for node in w.model.graph.node] == ["Cast"]
