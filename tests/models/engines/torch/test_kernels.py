"""What torch has under no name of its own, against OpenVINO or numpy."""

import numpy as np
import openvino as ov
import pytest
import torch
from openvino import opset13

from models.engines.torch import kernels


@pytest.mark.parametrize(("shape", "size"), [((5, 7), (10, 14)), ((6, 4), (3, 9)), ((1, 1), (4, 3))])
def test_tensorflows_first_bilinear_resize(shape: tuple[int, int], size: tuple[int, int]) -> None:
    x = np.random.default_rng(1).normal(size=(1, 2, *shape)).astype(np.float32)
    image = opset13.parameter(x.shape, np.float32)
    options = {"mode": "linear", "shape_calculation_mode": "sizes", "coordinate_transformation_mode": "asymmetric"}
    network = ov.Model([opset13.interpolate(image, list(size), axes=[2, 3], **options)], [image])
    expected = ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([x])[0]
    np.testing.assert_allclose(kernels.resize_asymmetric(torch.from_numpy(x), size), expected, atol=1e-5)


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
def test_mirrored_rims(mode: str) -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    made = kernels.pad_mirrored(torch.from_numpy(x), [0, 1, 2], [1, 2, 1], symmetric=mode == "symmetric")
    assert np.array_equal(made, np.pad(x, ((0, 1), (1, 2), (2, 1)), mode=mode))  # type: ignore[call-overload]


def test_half_precision_on_a_cpu_is_rounded_once() -> None:
    a, b = (torch.randn(8, 300, generator=torch.Generator().manual_seed(n)).half() for n in (1, 2))
    assert torch.equal(kernels.dense(torch.matmul, a, b.T), (a.float() @ b.T.float()).half())


def test_slices_sizes_and_quotients() -> None:
    x = torch.arange(12.0).reshape(3, 4)
    assert kernels.gather(x, torch.tensor([[2, 0]]), 0).shape == (1, 2, 4)
    assert torch.equal(kernels.gather(x, 1, 1), x[:, 1])
    assert kernels.broadcast(torch.ones(3, 1), [2, 1, 4]).shape == (2, 3, 4)
    assert kernels.divide(torch.tensor(-7), torch.tensor(2)).item() == -3
