"""The graph in the making: names that nobody else has, equal constants once, one cast however many want it."""

from pathlib import Path

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
    (kept,) = w.known.values()
    assert kept.dtype == np.float32


def test_a_value_is_cast_once() -> None:
    w = Writer()
    w.scope = "x"
    x = w.constant([1.0])
    assert w.cast(x, TensorProto.FLOAT) == x
    assert w.cast(x, TensorProto.FLOAT16) == w.cast(x, TensorProto.FLOAT16)
    assert [node.op_type for node in w.model.graph.node] == ["Cast"]


def test_what_is_saved_is_what_protobuf_would_write(tmp_path: Path) -> None:
    """Constants of every type, none and many numbers, views of others; read by protobuf, and as it wrote them."""
    w, many = Writer(taken=["out"]), np.random.default_rng(1).normal(size=(300, 200)).astype(np.float32)
    w.scope, w.model.doc_string = "x", "told"
    given = {
        w.constant(many.T): many.T,
        w.constant(many, TensorProto.FLOAT16): many.astype(np.float16),
        w.constant(np.float64(3)): np.float32(3),
        w.constant([True, False]): np.array([True, False]),
        w.constant(np.arange(5, dtype=np.int32)): np.arange(5),
        w.constant(np.empty(0, np.int64)): np.empty(0, np.int64),
    }
    assert w.known[next(iter(given))].base is not None
    w.rename(w.add("Concat", *given, axis=0), "out")
    w.save(tmp_path / "x.onnx")
    saved = onnx.load(tmp_path / "x.onnx")
    assert saved.doc_string == "told" and [node.op_type for node in saved.graph.node] == ["Concat", "Identity"]
    found = {each.name: onnx.numpy_helper.to_array(each) for each in saved.graph.initializer}
    assert found.keys() == given.keys()
    for name, array in given.items():
        assert found[name].dtype == array.dtype and np.array_equal(found[name], array), name
    assert len(saved.SerializeToString()) == (tmp_path / "x.onnx").stat().st_size
