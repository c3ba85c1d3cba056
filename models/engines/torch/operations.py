"""The table of operations: what each one that OpenVINO reads from our graphs is in torch.

A maker takes the node and gives the function of its inputs. These are tensors; where `SIZES` says so, or all of an
operation is about shapes, they are sizes (`models/engines/torch/sizes.py`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov
import torch
from torch import Tensor
from torch.nn import functional as F

from models.engines.torch import kernels, layers, sizes
from models.engines.torch.layers import Function, Unsupported, attributes

DTYPES = {"u8": torch.uint8, "i8": torch.int8, "i32": torch.int32, "i64": torch.int64, "boolean": torch.bool}
# Inputs that are numbers for the host: axes, shapes, amounts of padding.
SIZES: Mapping[str, Sequence[int]] = {
    **dict.fromkeys(("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"), (1,)),
    **dict.fromkeys(("Reshape", "Broadcast", "Tile"), (1,)),
    **dict.fromkeys(("Transpose", "CumSum", "Squeeze", "Unsqueeze", "Split"), (1,)),
    **dict.fromkeys(("StridedSlice", "Interpolate"), (1, 2, 3)),
    **{"Gather": (2,), "Pad": (1, 2, 3), "Slice": (1, 2, 3, 4), "Range": (0, 1, 2)},
}


def _one(axes: np.ndarray) -> int:
    return int(axes.reshape(-1)[0])


def _same(function: Function) -> Callable[[ov.Node], Function]:
    return lambda node: function


def _reduce(function: Function) -> Callable[[ov.Node], Function]:
    def make(node: ov.Node) -> Function:
        keep = bool(node.get_attributes()["keep_dims"])
        return lambda x, axes: function(x, axes.reshape(-1).tolist(), keepdim=keep)

    return make


def _product(node: ov.Node) -> Function:
    keep = bool(node.get_attributes()["keep_dims"])

    def product(x: Any, axes: np.ndarray) -> Any:
        places = sorted((place % x.ndim for place in axes.reshape(-1).tolist()), reverse=True)
        if isinstance(x, np.ndarray):
            return sizes.boxed(np.prod(x, axis=tuple(places), keepdims=keep))
        for place in places:
            x = x.prod(place, keepdim=keep)
        return x

    return product


def _strided_slice(node: ov.Node) -> Function:
    how, count = attributes(node), node.input_value(1).get_shape()[0]
    names = ("begin", "end", "new_axis", "shrink_axis", "ellipsis")
    on = {name: (how[f"{name}_mask"] + [0] * count)[:count] for name in names}

    def part(k: int, begin: Any, end: Any, step: Any) -> Any:
        if on["new_axis"][k] or on["ellipsis"][k]:
            return None if on["new_axis"][k] else Ellipsis
        if on["shrink_axis"][k]:
            return begin[k]
        return slice(None if on["begin"][k] else begin[k], None if on["end"][k] else end[k], step[k])

    def cut(x: Any, begin: np.ndarray, end: np.ndarray, step: np.ndarray | None = None) -> Any:
        steps = [1] * count if step is None else step
        index = tuple(part(k, begin, end, steps) for k in range(count))
        return sizes.boxed(x[index]) if isinstance(x, np.ndarray) else x[index]

    return cut


def _slice(node: ov.Node) -> Function:
    def cut(x: Tensor, start: Any, stop: Any, step: Any, axes: Any) -> Tensor:
        index = [slice(None)] * x.ndim
        for axis, *bounds in zip(axes, start, stop, step, strict=True):
            index[axis] = slice(*bounds)
        return x[tuple(index)]

    return cut


def _gather(node: ov.Node) -> Function:
    if node.get_attributes().get("batch_dims"):
        raise Unsupported("Gather with batch_dims")

    def gather(x: Any, indices: Any, axis: np.ndarray) -> Any:
        if isinstance(x, np.ndarray):
            return sizes.boxed(np.take(x, np.asarray(indices, np.int64), _one(axis)))
        return kernels.gather(x, indices, _one(axis))

    return gather


def _concat(node: ov.Node) -> Function:
    axis = node.get_attributes()["axis"]

    def join(*parts: Any) -> Any:
        return np.concatenate(parts, axis) if isinstance(parts[0], np.ndarray) else torch.cat(parts, axis)

    return join


def _reshape(node: ov.Node) -> Function:
    kept = bool(node.get_attributes()["special_zero"])

    def reshape(x: Any, shape: np.ndarray) -> Any:
        return x.reshape(
            [x.shape[k] if kept and isinstance(n, int) and n == 0 else n for k, n in enumerate(shape.tolist())]
        )

    return reshape


def _squeeze(x: Any, axes: np.ndarray | None = None) -> Any:
    gone = tuple(int(axis) for axis in (() if axes is None else axes.reshape(-1)))
    return np.squeeze(x, gone or None) if isinstance(x, np.ndarray) else torch.squeeze(x, gone)


def _unsqueeze(node: ov.Node) -> Function:
    rank = len(node.get_output_partial_shape(0))

    def grow(x: Any, axes: np.ndarray) -> Any:
        for axis in sorted(int(axis) % rank for axis in axes.reshape(-1)):
            x = np.expand_dims(x, axis) if isinstance(x, np.ndarray) else x.unsqueeze(axis)
        return x

    return grow


def _broadcast(node: ov.Node) -> Function:
    return lambda x, shape: kernels.broadcast(x, shape.tolist())


def _pad(node: ov.Node) -> Function:
    mode = node.get_attributes()["pad_mode"]
    if mode == "edge":
        raise Unsupported("Pad with the edge")

    def pad(x: Tensor, before: np.ndarray, after: np.ndarray, value: np.ndarray | None = None) -> Tensor:
        if mode != "constant":
            return kernels.pad_mirrored(x, before.tolist(), after.tolist(), symmetric=mode == "symmetric")
        return kernels.pad_constant(x, before.tolist(), after.tolist(), 0.0 if value is None else float(value))

    return pad


def _convert(node: ov.Node) -> Function:
    target = node.get_output_element_type(0)
    dtype = torch.float32 if target.is_real() else DTYPES[target.get_type_name()]
    number = sizes.each(float if target.is_real() else int, 1)

    def convert(x: Any) -> Any:
        if isinstance(x, np.ndarray):
            return x if target.is_integral() and not target.is_real() else number(x)
        return x if x.is_floating_point() and dtype.is_floating_point else x.to(dtype)

    return convert


def _split(node: ov.Node) -> Function:
    count = node.get_attributes()["num_splits"]
    return lambda x, axis: torch.tensor_split(x, count, _one(axis))


def _cumulate(node: ov.Node) -> Function:
    how = node.get_attributes()
    if how["exclusive"] or how["reverse"]:
        raise Unsupported(f"CumSum {how}")
    return lambda x, axis: torch.cumsum(x, _one(axis))


def _clamp(node: ov.Node) -> Function:
    how = node.get_attributes()
    return lambda x: torch.clamp(x, how["min"], how["max"])


def _softmax(node: ov.Node) -> Function:
    axis = node.get_attributes()["axis"]
    return lambda x: torch.softmax(x, axis)


def _range(node: ov.Node) -> Function:
    return lambda start, stop, step: torch.arange(start.item(), stop.item(), step.item())


OPERATIONS: dict[str, Callable[[ov.Node], Function]] = {
    **{kind: _same(getattr(torch, kind.lower())) for kind in ("Abs", "Exp", "Floor", "Log", "Relu", "Sigmoid")},
    **{kind: _same(getattr(torch, kind.lower())) for kind in ("Sqrt", "Tanh", "Maximum", "Minimum")},
    **{
        "Ceiling": _same(torch.ceil),
        "Negative": _same(operator.neg),
        "SquaredDifference": _same(lambda a, b: (a - b) ** 2),
    },
    **{"Add": _same(operator.add), "Subtract": _same(operator.sub), "Multiply": _same(operator.mul)},
    **{"Divide": _same(kernels.divide), "Mod": _same(torch.fmod), "FloorMod": _same(torch.remainder)},
    **{"Power": _same(torch.pow), "Less": _same(operator.lt), "Greater": _same(operator.gt)},
    **{"LessEqual": _same(operator.le), "GreaterEqual": _same(operator.ge)},
    **{"Equal": _same(operator.eq), "NotEqual": _same(operator.ne), "LogicalAnd": _same(torch.logical_and)},
    **{"LogicalOr": _same(torch.logical_or), "LogicalXor": _same(torch.logical_xor), "Select": _same(torch.where)},
    "LogicalNot": _same(torch.logical_not),
    **{"Convolution": layers.convolution, "GroupConvolution": layers.convolution, "MatMul": layers.matmul},
    **{
        "MaxPool": layers.max_pool,
        "AvgPool": layers.average_pool,
        "Interpolate": layers.interpolate,
        "Softmax": _softmax,
    },
    "PRelu": _same(lambda x, slope: F.prelu(x, slope.reshape(-1))),
    **{"ReduceSum": _reduce(torch.sum), "ReduceMean": _reduce(torch.mean)},
    **{"ReduceMax": _reduce(torch.amax), "ReduceMin": _reduce(torch.amin), "ReduceProd": _product},
    **{"StridedSlice": _strided_slice, "Slice": _slice, "Gather": _gather, "Concat": _concat, "Reshape": _reshape},
    **{"Squeeze": _same(_squeeze), "Unsqueeze": _unsqueeze, "Broadcast": _broadcast, "Pad": _pad, "Split": _split},
    **{"Convert": _convert, "CumSum": _cumulate, "Clamp": _clamp, "Range": _range},
    "Tile": _same(lambda x, repeats: torch.tile(x, tuple(repeats.tolist()))),
    "Transpose": _same(lambda x, order: x.permute(order.tolist())),
    "ShapeOf": _same(lambda x: sizes.boxed(list(x.shape))),
}
