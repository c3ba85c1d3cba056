"""Convolutions, pools, products, resizes and attention of OpenVINO in ONNX: makers as in `operations`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import openvino as ov
from onnx import TensorProto

from models.engines.torch.layers import Unsupported, attributes
from models.exports.writer import Writer

COORDINATES = ("asymmetric", "half_pixel", "pytorch_half_pixel", "align_corners")


def convolution(w: Writer, node: ov.Node, x: str, kernel: str) -> str:
    how, shape = attributes(node), list(w.known[kernel].shape)
    groups = shape.pop(0) if node.get_type_name() == "GroupConvolution" else 1
    if groups > 1 or len(shape) < len(w.known[kernel].shape):
        shape[0] *= groups
        kernel = w.constant(w.known[kernel].reshape(shape), w.types[kernel])
    more = {"strides": how["strides"], "dilations": how["dilations"], "group": groups}
    return w.add("Conv", x, kernel, **_padding(how, shape[2:]), **more)


def max_pool(w: Writer, node: ov.Node, x: str) -> str:
    how = _pool(node)
    return w.add("MaxPool", x, kernel_shape=how["kernel"], strides=how["strides"], **_padding(how, how["kernel"]))


def average_pool(w: Writer, node: ov.Node, x: str) -> str:
    how = _pool(node)
    more = {"strides": how["strides"], "count_include_pad": int(not how["exclude-pad"])}
    return w.add("AveragePool", x, kernel_shape=how["kernel"], **more, **_padding(how, how["kernel"]))


def matmul(w: Writer, node: ov.Node, a: str, b: str) -> str:
    how = node.get_attributes()
    a, b = (
        _turned(w, name, len(node.get_input_partial_shape(place))) if how[f"transpose_{side}"] else name
        for place, (side, name) in enumerate((("a", a), ("b", b)))
    )
    return w.add("MatMul", a, b)


def interpolate(w: Writer, node: ov.Node, x: str, size: str, *more: str) -> str:
    """In planes, which every engine resizes fastest, wherever the channels are."""
    how, axes = attributes(node), w.known[more[-1]].tolist()
    mode, where = how["mode"].removesuffix("_onnx"), how["coordinate_transformation_mode"]
    odd = any(how["pads_begin"]) or any(how["pads_end"]) or how["antialias"] or how["shape_calculation_mode"] != "sizes"
    if odd or mode not in ("linear", "nearest") or where not in COORDINATES or axes not in ([2, 3], [1, 2]):
        raise Unsupported(f"Interpolate {how} along {axes}")
    planes = x if axes == [2, 3] else w.add("Transpose", x, perm=[0, 3, 1, 2])
    kept = w.add("Shape", planes, start=0, end=2)
    ways = {"mode": mode, "coordinate_transformation_mode": where, "nearest_mode": how["nearest_mode"]}
    grown = w.add("Resize", planes, "", "", w.add("Concat", kept, size, axis=0), **ways)
    return grown if axes == [2, 3] else w.add("Transpose", grown, perm=[0, 2, 3, 1])


def leaky(w: Writer, node: ov.Node, x: str, slope: str) -> str:
    """Its slopes stand along the channels, the second axis."""
    rank, slopes = len(node.get_input_partial_shape(0)), w.known[slope]
    spread = slopes.reshape(-1, *[1] * (rank - 2)) if slopes.size > 1 else slopes.reshape([1] * rank)
    return w.add("PRelu", x, w.constant(spread, w.types[slope]))


def gelu(w: Writer, node: ov.Node, x: str) -> str:
    """The exact one; ONNX has it since opset 20."""
    if node.get_attributes()["approximation_mode"] != "ERF":
        raise Unsupported("Gelu by tanh")
    bell = w.add("Erf", w.add("Mul", x, w.like(math.sqrt(0.5), x)))
    return w.add("Mul", w.add("Mul", x, w.like(0.5, x)), w.add("Add", bell, w.like(1, x)))


def normalize(w: Writer, node: ov.Node, x: str, axes: str) -> str:
    how, shape = node.get_attributes(), node.get_input_partial_shape(0)
    last = [int(axis) % len(shape) for axis in w.known[axes].reshape(-1)] == [len(shape) - 1]
    if (
        not last
        or shape[len(shape) - 1].is_dynamic
        or not how["normalize_variance"]
        or how["eps_mode"] != "INSIDE_SQRT"
    ):
        raise Unsupported(f"MVN {how}")
    ones = w.constant([1.0] * shape[len(shape) - 1].get_length(), w.types[x])
    return w.add("LayerNormalization", x, ones, axis=-1, epsilon=how["eps"])


def attention(w: Writer, node: ov.Node, query: str, key: str, value: str, *more: str) -> str:
    """Products in the precision of the query, the softmax between them in f32: -1e9 is beyond half precision."""
    shape = node.get_input_partial_shape(0)
    if node.get_attributes()["causal"] or len(more) != 1:
        raise Unsupported("ScaledDotProductAttention that is causal, or without a bias, or with a scale")
    scaled = w.add("Mul", query, w.like(1 / math.sqrt(shape[len(shape) - 1].get_length()), query))
    scores = w.add("MatMul", scaled, _turned(w, key, len(shape)))
    weights = w.add("Softmax", w.add("Add", w.cast(scores, TensorProto.FLOAT), more[0]), axis=-1)
    return w.add("MatMul", w.cast(weights, w.types[value]), value)


def _turned(w: Writer, name: str, rank: int) -> str:
    """The last two axes the other way round; a constant so once and for all."""
    if name in w.known:
        return w.constant(w.known[name].swapaxes(-1, -2), w.types[name])
    return w.add("Transpose", name, perm=[*range(rank - 2), rank - 1, rank - 2])


def _padding(how: Mapping[str, Any], kernel: list[int]) -> dict[str, Any]:
    """Amounts, wherever they are the same for every size."""
    if how["auto_pad"] == "valid":
        return {}
    if how["auto_pad"] == "explicit":
        return {"pads": [*how["pads_begin"], *how["pads_end"]]}
    reach = [d * (k - 1) for k, d in zip(kernel, how.get("dilations", [1] * len(kernel)), strict=True)]
    if all(s == 1 for s in how["strides"]) and all(r % 2 == 0 for r in reach):
        return {"pads": [r // 2 for r in reach] * 2}
    return {"auto_pad": how["auto_pad"].upper()}


def _pool(node: ov.Node) -> dict[str, Any]:
    how = attributes(node)
    if how["rounding_type"] != "floor" or any(each != 1 for each in how.get("dilations", [])):
        raise Unsupported(f"{node.get_type_name()} {how}")
    return how
