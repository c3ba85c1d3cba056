"""Convolutions, pools, products and resizes of OpenVINO as torch runs them: makers as in `operations`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import openvino as ov
import torch
from torch import Tensor
from torch.nn import functional as F

from models.engines.torch import kernels

Function = Callable[..., Any]


class Unsupported(Exception):
    """A form of an operation that the table has not."""


def attributes(node: ov.Node) -> dict[str, Any]:
    """A node's attributes, their vectors as lists."""
    told = node.get_attributes().items()
    return {name: list(v) if hasattr(v, "__len__") and not isinstance(v, str) else v for name, v in told}


def convolution(node: ov.Node) -> Function:
    how, grouped = attributes(node), node.get_type_name() == "GroupConvolution"
    if len(node.get_input_partial_shape(0)) != 4:
        raise Unsupported(f"{node.get_type_name()} of other than pictures")

    def convolve(x: Tensor, kernel: Tensor) -> Tensor:
        groups = kernel.shape[0] if grouped else 1
        kernel = kernel.reshape(-1, *kernel.shape[2:]) if grouped else kernel
        x, padding = _padding(x, how, list(kernel.shape[2:]), 0.0)
        return kernels.dense(F.conv2d, x, kernel, None, how["strides"], padding, how["dilations"], groups)

    return convolve


def _padding(x: Tensor, how: Mapping[str, Any], kernel: list[int], value: float) -> tuple[Tensor, list[int]]:
    """The tensor, padded where torch's own padding cannot, and that padding."""
    strides, dilations = how["strides"], how.get("dilations", [1, 1])
    if how["auto_pad"] in ("same_upper", "same_lower"):
        reach = [d * (k - 1) for k, d in zip(kernel, dilations, strict=True)]
        if strides == [1, 1] and all(r % 2 == 0 for r in reach):
            return x, [r // 2 for r in reach]
        upper = how["auto_pad"] == "same_upper"
        return kernels.pad_same(x, kernel, strides, dilations, upper=upper, value=value), [0, 0]
    before, after = how["pads_begin"], how["pads_end"]
    if how["auto_pad"] == "valid" or before == after:
        return x, [0, 0] if how["auto_pad"] == "valid" else before
    return F.pad(x, [before[1], after[1], before[0], after[0]], value=value), [0, 0]


def max_pool(node: ov.Node) -> Function:
    how = _pool_attributes(node)

    def pool(x: Tensor) -> Tensor:
        x, padding = _padding(x, how, how["kernel"], -math.inf)
        return F.max_pool2d(x, how["kernel"], how["strides"], padding)

    return pool


def average_pool(node: ov.Node) -> Function:
    how = _pool_attributes(node)

    def pool(x: Tensor) -> Tensor:
        padded, padding = _padding(x, how, how["kernel"], 0.0)
        if padded is not x and how["exclude-pad"]:
            inside, _ = _padding(torch.ones_like(x), how, how["kernel"], 0.0)
            sums, counts = (F.avg_pool2d(part, how["kernel"], how["strides"]) for part in (padded, inside))
            return sums / counts
        whole = not how["exclude-pad"]
        return F.avg_pool2d(padded, how["kernel"], how["strides"], padding, count_include_pad=whole)

    return pool


def _pool_attributes(node: ov.Node) -> dict[str, Any]:
    how = attributes(node)
    if how["rounding_type"] != "floor" or how.get("dilations", [1, 1]) != [1, 1]:
        raise Unsupported(f"{node.get_type_name()} {how}")
    return how


def matmul(node: ov.Node) -> Function:
    how = node.get_attributes()

    def multiply(a: Tensor, b: Tensor) -> Tensor:
        a = a.transpose(-1, -2) if how["transpose_a"] else a
        return kernels.dense(torch.matmul, a, b.transpose(-1, -2) if how["transpose_b"] else b)

    return multiply


RESIZES = {
    ("linear", "asymmetric"): kernels.resize_asymmetric,
    ("linear", "half_pixel"): kernels.resize_half_pixel,
    ("linear", "pytorch_half_pixel"): kernels.resize_half_pixel,
    ("linear", "align_corners"): kernels.resize_aligned,
    ("nearest", "asymmetric"): kernels.resize_nearest,
}


def interpolate(node: ov.Node) -> Function:
    how, rank = attributes(node), len(node.get_output_partial_shape(0))
    way = (how["mode"].removesuffix("_onnx"), how["coordinate_transformation_mode"])
    odd = any(how["pads_begin"]) or any(how["pads_end"]) or how["antialias"] or how["shape_calculation_mode"] != "sizes"
    if odd or way not in RESIZES or rank != 4 or (way[0] == "nearest" and how["nearest_mode"] != "floor"):
        raise Unsupported(f"Interpolate {how}")

    def resize(x: Tensor, size: np.ndarray, axes: np.ndarray) -> Tensor:
        if axes.tolist() == [2, 3]:
            return RESIZES[way](x, size.tolist())
        return RESIZES[way](x.permute(0, 3, 1, 2), size.tolist()).permute(0, 2, 3, 1)

    return resize
