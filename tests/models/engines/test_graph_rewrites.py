"""Box sums without a convolution: the same sums, and in f32 whatever the convolutions are in."""

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from models.engines import best_precision, graph_rewrites


def box(picture: ov.Node, weights: np.ndarray) -> ov.Node:
    return opset13.group_convolution(picture, weights, [1, 1], [1, 1], [1, 1], [1, 1])


def kernel(weight: float, channels: int = 3) -> np.ndarray:
    return np.full((channels, 1, 1, 3, 3), weight, np.float32)


def kinds(network: ov.Model) -> set[str]:
    return {node.get_type_name() for node in network.get_ordered_ops()}


def answers(network: ov.Model, picture: np.ndarray, precision: str = "f32") -> np.ndarray:
    return ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": precision})([picture])[0]


@pytest.mark.parametrize("weight", [1.0, 1 / 9])
def test_boxes_are_summed_as_before(weight: float) -> None:
    picture = np.random.default_rng(1).uniform(-1, 1, (1, 3, 7, 10)).astype(np.float32)
    image = opset13.parameter([1, 3, -1, -1], np.float32)
    network = ov.Model([box(image, kernel(weight))], [image])
    before = answers(network, picture)
    graph_rewrites.rewrite(network, {})
    assert "GroupConvolution" not in kinds(network)
    np.testing.assert_allclose(answers(network, picture), before, atol=1e-6)


@pytest.mark.parametrize("weights", [kernel(1, channels=8), np.arange(27, dtype=np.float32).reshape(3, 1, 1, 3, 3)])
def test_many_channels_and_other_kernels_stay_convolutions(weights: np.ndarray) -> None:
    image = opset13.parameter([1, weights.shape[0], -1, -1], np.float32)
    network = ov.Model([box(image, weights)], [image])
    graph_rewrites.rewrite(network, {})
    assert "GroupConvolution" in kinds(network)


@pytest.mark.skipif(best_precision() != "bf16", reason="the CPU has no bf16")
def test_a_guided_filter_behind_a_convolution_is_as_exact_in_bf16() -> None:
    """Its divisor, a variance of a bright picture, is all rounding in bf16."""

    def network() -> ov.Model:
        image = opset13.parameter([1, 3, -1, -1], np.float32)
        drawn = opset13.convolution(image, np.eye(3, dtype=np.float32)[..., None, None], [1, 1], [0, 0], [0, 0], [1, 1])
        mean, answer = box(image, kernel(1 / 9)), box(drawn, kernel(1 / 9))
        both = box(opset13.multiply(image, drawn), kernel(1 / 9))
        square = box(opset13.multiply(image, image), kernel(1 / 9))
        variance = opset13.subtract(square, opset13.multiply(mean, mean))
        slope = opset13.subtract(both, opset13.multiply(mean, answer))
        slope = opset13.divide(slope, opset13.add(variance, np.float32(1e-3)))
        filtered = opset13.add(opset13.multiply(slope, opset13.subtract(image, mean)), answer)
        made = ov.Model([filtered], [image])
        graph_rewrites.rewrite(made, {})
        return made

    picture = np.random.default_rng(2).uniform(0.9, 1, (1, 3, 64, 64)).astype(np.float32)
    apart = np.abs(answers(network(), picture, "bf16") - answers(network(), picture))
    assert apart.max() < 0.02
