"""What is calculated in half precision, and what is left to OpenVINO."""

import numpy as np
import openvino as ov
import torch
from openvino import opset13 as ops

from models.engines.torch.network import Network, between_dense


def dense(x: ov.Node, seed: int) -> ov.Node:
    kernel = np.random.default_rng(seed).normal(size=(3, 3, 3, 3)).astype(np.float32)
    return ops.convolution(x, kernel, [1, 1], [1, 1], [1, 1], [1, 1])


def test_half_precision_is_for_dense_layers_and_what_lies_between_them() -> None:
    image = ops.parameter([1, 3, -1, -1], np.float32)
    before = ops.multiply(image, np.float32(2))
    between = ops.relu(dense(before, 1))
    after = ops.exp(dense(between, 2))
    network = ov.Model([after], [image])
    halved = between_dense(network)
    assert between.get_name() in halved
    assert not {before.get_name(), after.get_name()} & halved
    x = torch.randn(1, 3, 6, 5, generator=torch.Generator().manual_seed(1))
    (exact,), (rounded,) = Network(network)(x), Network(network, torch.float16)(x)
    assert rounded.dtype == torch.float32 and not torch.equal(exact, rounded)
    assert torch.allclose(exact.log(), rounded.log(), atol=0.05)


def test_an_operation_that_the_table_has_not_and_all_behind_it_are_left() -> None:
    x = ops.parameter([4], np.float32)
    known = ops.add(x, np.float32(1))
    unknown = ops.erf(known)
    network = ov.Model([ops.add(unknown, known), ops.negative(known)], [x])
    module = Network(network)
    assert set(module.left.values()) == {"Erf", "behind another"}
    assert sorted(made[0].item() for made in module(torch.zeros(4))) == [-1, 1]
