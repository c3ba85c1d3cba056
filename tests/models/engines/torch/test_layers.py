"""Convolutions and pools at every padding and odd size, against OpenVINO."""

from collections.abc import Callable

import numpy as np
import openvino as ov
import pytest
import torch
from openvino import opset13

from models.engines.torch.network import Network

NORMAL = np.random.default_rng(1).normal
KERNEL = NORMAL(size=(4, 3, 3, 3)).astype(np.float32)
LAYERS: dict[str, Callable[[ov.Node], ov.Node]] = {
    "same, stride 2": lambda x: opset13.convolution(x, KERNEL, [2, 2], [0, 0], [0, 0], [1, 1], "same_upper"),
    "same, dilated": lambda x: opset13.convolution(x, KERNEL, [1, 1], [0, 0], [0, 0], [2, 2], "same_upper"),
    "uneven rim": lambda x: opset13.convolution(x, KERNEL, [1, 1], [0, 1], [1, 2], [1, 1]),
    "by channel": lambda x: opset13.group_convolution(
        x, KERNEL[:3, :1, None].transpose(0, 2, 1, 3, 4), [1, 1], [1, 1], [1, 1], [1, 1]
    ),
    "largest": lambda x: opset13.max_pool(x, [2, 2], [1, 1], [0, 0], [0, 0], [3, 3], "floor", "same_upper").output(0),
    "mean": lambda x: opset13.avg_pool(x, [2, 2], [0, 0], [0, 0], [3, 3], True, "floor", "same_upper"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_answers_as_openvino_does(name: str) -> None:
    image = opset13.parameter([1, 3, -1, -1], np.float32)
    network = ov.Model([LAYERS[name](image)], [image])
    exact = ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    module = Network(network)
    assert not module.left
    for height, width in ((9, 12), (8, 5)):
        x = NORMAL(size=(1, 3, height, width)).astype(np.float32)
        np.testing.assert_allclose(module(torch.from_numpy(x))[0], exact([x])[0], atol=1e-4)
