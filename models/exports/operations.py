"""The table of operations: what each one that OpenVINO reads from our graphs is in ONNX.

A maker takes the graph in the making, the node and the names of its inputs, and gives the name of its output, or names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import openvino as ov
from onnx import TensorProto

from models.engines.torch.layers import Unsupported
from models.exports import layers, slices
from models.exports.writer import FLOATS, Writer

Maker = Callable[..., str | list[str]]
NUMBERS = {"boolean": TensorProto.BOOL, "u8": TensorProto.UINT8}  # all other whole numbers are INT64


def type_of(port: ov.Output | ov.Input) -> int:
    """The type in which a value of OpenVINO is in a graph of ours, unless it is in half precision."""
    kind = port.get_element_type()
    return TensorProto.FLOAT if kind.is_real() else NUMBERS.get(kind.get_type_name(), TensorProto.INT64)


def _same(kind: str, **more: Any) -> Maker:
    return lambda w, node, *names: w.add(kind, *names, **more)


def _reduce(kind: str) -> Maker:
    def make(w: Writer, node: ov.Node, x: str, axes: str) -> str:
        return w.add(kind, x, _row(w, axes), keepdims=int(node.get_attributes()["keep_dims"]))

    return make


def _row(w: Writer, name: str) -> str:
    """A list of numbers, where OpenVINO takes a single one as well."""
    return w.constant(w.known[name].reshape(-1)) if name in w.known else w.add("Reshape", name, w.constant([-1]))


def _number(w: Writer, name: str) -> str:
    """A number without axes."""
    return w.constant(w.known[name].reshape(())) if name in w.known else w.add("Reshape", name, w.constant(_NOTHING))


_NOTHING = np.empty(0, np.int64)


def _axis(w: Writer, name: str) -> int:
    if name not in w.known:
        raise Unsupported("an axis that is calculated")
    return int(w.known[name].reshape(-1)[0])


def _convert(w: Writer, node: ov.Node, x: str) -> str:
    target = type_of(node.output(0))
    if w.types[x] in FLOATS and target in FLOATS:
        return x
    return w.cast(x, target)


def _floor(w: Writer, node: ov.Node, x: str) -> str:
    return w.add("Floor", x) if w.types[x] in FLOATS else x


def _gather(w: Writer, node: ov.Node, x: str, indices: str, axis: str) -> str:
    if node.get_attributes().get("batch_dims"):
        raise Unsupported("Gather with batch_dims")
    return w.add("Gather", x, indices, axis=_axis(w, axis))


def _transpose(w: Writer, node: ov.Node, x: str, order: str) -> str:
    return w.add("Transpose", x, perm=w.known[order].tolist())


def _reshape(w: Writer, node: ov.Node, x: str, shape: str) -> str:
    nothing = shape not in w.known or 0 in w.known[shape]
    return w.add("Reshape", x, shape, allowzero=int(nothing and not node.get_attributes()["special_zero"]))


def _squeeze(w: Writer, node: ov.Node, x: str, axes: str | None = None) -> str:
    return w.add("Squeeze", x, *([_row(w, axes)] if axes else []))


def _split(w: Writer, node: ov.Node, x: str, axis: str) -> list[str]:
    count = node.get_attributes()["num_splits"]
    return w.several("Split", x, count=count, axis=_axis(w, axis), num_outputs=count)


def _clamp(w: Writer, node: ov.Node, x: str) -> str:
    how = node.get_attributes()
    return w.add("Clip", x, w.like(how["min"], x), w.like(how["max"], x))


def _cumulate(w: Writer, node: ov.Node, x: str, axis: str) -> str:
    how = {name: int(value) for name, value in node.get_attributes().items()}
    return w.add("CumSum", x, _number(w, axis), **how)


def _range(w: Writer, node: ov.Node, *bounds: str) -> str:
    return w.add("Range", *(_number(w, w.cast(bound, type_of(node.output(0)))) for bound in bounds))


def _scatter(w: Writer, node: ov.Node, x: str, indices: str, updates: str, axis: str) -> str:
    if _axis(w, axis) != 0 or len(node.get_input_partial_shape(1)) != 1:
        raise Unsupported("ScatterUpdate along another axis than the first")
    return w.add("ScatterND", x, w.add("Unsqueeze", indices, w.constant([-1])), updates)


def _squared(w: Writer, node: ov.Node, a: str, b: str) -> str:
    apart = w.add("Sub", a, b)
    return w.add("Mul", apart, apart)


def _not_equal(w: Writer, node: ov.Node, a: str, b: str) -> str:
    return w.add("Not", w.add("Equal", a, b))


def _suppress(w: Writer, node: ov.Node, boxes: str, scores: str, *more: str) -> str:
    """Non-maximum suppression; of its three outputs the first, the boxes that are kept."""
    how = node.get_attributes()
    if how["box_encoding"] != "corner" or any(w.known[sigma].any() for sigma in more[3:]):
        raise Unsupported(f"NonMaxSuppression {how}")
    return w.add("NonMaxSuppression", boxes, scores, *(_row(w, bound) for bound in more[:3]))


PLAIN = {
    **{kind: kind for kind in ("Abs", "Exp", "Log", "Relu", "Sigmoid", "Sqrt", "Tanh", "Add", "Less", "Greater")},
    **{"Subtract": "Sub", "Multiply": "Mul", "Power": "Pow", "Maximum": "Max", "Minimum": "Min", "Ceiling": "Ceil"},
    **{"LessEqual": "LessOrEqual", "GreaterEqual": "GreaterOrEqual", "Equal": "Equal", "Negative": "Neg", "Erf": "Erf"},
    **{"LogicalAnd": "And", "LogicalOr": "Or", "LogicalXor": "Xor", "LogicalNot": "Not", "NonZero": "NonZero"},
    **{"ShapeOf": "Shape", "Tile": "Tile", "Divide": "Div", "Broadcast": "Expand", "ScatterNDUpdate": "ScatterND"},
}
OPERATIONS: Mapping[str, Maker] = {
    **{kind: _same(name) for kind, name in PLAIN.items()},
    **{f"Reduce{kind}": _reduce(f"Reduce{kind}") for kind in ("Sum", "Mean", "Max", "Min", "Prod")},
    **{"Mod": _same("Mod", fmod=1), "FloorMod": _same("Mod"), "Select": _same("Where", like=1)},
    **{"SquaredDifference": _squared, "NotEqual": _not_equal, "Floor": _floor, "Convert": _convert, "Clamp": _clamp},
    **{"Gather": _gather, "Transpose": _transpose, "Reshape": _reshape, "Squeeze": _squeeze, "Split": _split},
    "Unsqueeze": lambda w, node, x, axes: w.add("Unsqueeze", x, _row(w, axes)),
    "Concat": lambda w, node, *parts: w.add("Concat", *parts, axis=node.get_attributes()["axis"]),
    "Softmax": lambda w, node, x: w.add("Softmax", x, axis=node.get_attributes()["axis"]),
    **{"CumSum": _cumulate, "Range": _range, "ScatterUpdate": _scatter, "NonMaxSuppression": _suppress},
    **{"StridedSlice": slices.strided, "Slice": slices.plain, "Pad": slices.pad},
    **{"Convolution": layers.convolution, "GroupConvolution": layers.convolution, "MatMul": layers.matmul},
    **{"MaxPool": layers.max_pool, "AvgPool": layers.average_pool, "Interpolate": layers.interpolate},
    **{"PRelu": layers.leaky, "Gelu": layers.gelu, "MVN": layers.normalize},
    "ScaledDotProductAttention": layers.attention,
}
