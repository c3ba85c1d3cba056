"""Layers at sizes that are odd, where paddings and resizes of the two could part."""

from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from tests.helpers.onnx_runs import assert_same, network_of

DRAW = np.random.default_rng(1)
PLANES = DRAW.normal(size=(1, 4, 7, 10)).astype(np.float32)


def numbers(*shape: int) -> np.ndarray:
    return DRAW.normal(size=shape).astype(np.float32)


def planes() -> ov.Node:
    return ops.parameter([1, 4, -1, -1], np.float32)


def test_convolutions(tmp_path: Path) -> None:
    x, edges = planes(), ([0, 0], [0, 0])
    made = [
        ops.convolution(x, numbers(3, 4, 3, 3), [2, 2], *edges, [1, 1], "same_upper"),
        ops.convolution(x, numbers(3, 4, 3, 3), [1, 1], *edges, [2, 2], "same_upper"),
        ops.convolution(x, numbers(2, 4, 2, 2), [2, 1], [1, 0], [0, 1], [1, 1]),
        ops.group_convolution(x, numbers(2, 3, 2, 3, 3), [1, 1], *edges, [1, 1], "valid"),
    ]
    assert_same(network_of(made, [x]), {"a": PLANES}, tmp_path, atol=1e-5)


def test_pools(tmp_path: Path) -> None:
    x, edges = planes(), ([0, 0], [0, 0])
    made = [
        ops.avg_pool(x, [1, 1], *edges, [3, 3], True, "floor", "same_upper"),
        ops.avg_pool(x, [2, 2], *edges, [3, 3], True, "floor", "same_upper"),
        ops.avg_pool(x, [2, 2], [1, 1], [1, 1], [3, 3], False, "floor", "explicit"),
        ops.max_pool(x, [2, 2], [1, 1], *edges, [3, 3], "floor", "same_upper").output(0).get_node(),
    ]
    assert_same(network_of(made, [x]), {"a": PLANES}, tmp_path)


@pytest.mark.parametrize("way", ["asymmetric", "half_pixel", "align_corners"])
@pytest.mark.parametrize("axes", [[2, 3], [1, 2]], ids=["planes", "pixels"])
def test_resizes(way: str, axes: list[int], tmp_path: Path) -> None:
    x = ops.parameter([1, 4, -1, -1] if axes == [2, 3] else [1, -1, -1, 4], np.float32)
    size = ops.add(ops.gather(ops.shape_of(x, "i32"), np.array(axes), np.int64(0)), np.array([3, 5], np.int32))
    grown = ops.interpolate(x, size, "linear_onnx", "sizes", axes=np.array(axes), coordinate_transformation_mode=way)
    array = PLANES if axes == [2, 3] else np.ascontiguousarray(PLANES.transpose(0, 2, 3, 1))
    assert_same(network_of([grown], [x]), {"a": array}, tmp_path, atol=1e-5)


def test_products_slopes_and_norms(tmp_path: Path) -> None:
    x = ops.parameter([1, 4, -1, 10], np.float32)
    made = [
        ops.matmul(x, numbers(6, 10), False, True),
        ops.matmul(x, x, True, False),
        ops.prelu(x, numbers(4)),
        ops.prelu(x, numbers(1)),
        ops.gelu(x, "erf"),
        ops.mvn(x, np.array([-1]), True, 1e-5, "inside_sqrt"),
    ]
    assert_same(network_of(made, [x]), {"a": PLANES}, tmp_path, atol=1e-5)


def test_attention_with_a_bias(tmp_path: Path) -> None:
    x, bias = ops.parameter([1, 4, -1, 10], np.float32), ops.parameter([1, 1, -1, -1], np.float32)
    made = ops.scaled_dot_product_attention(x, x, x, bias, causal=False)
    never = np.where(np.arange(7) < 5, 0, -1e9).astype(np.float32)[None, None, None].repeat(7, 2)
    assert_same(network_of([made], [x, bias]), {"a": PLANES, "b": never}, tmp_path, atol=1e-5)
