"""The table: each form that our graphs use, against OpenVINO; forms that it has not are refused."""

from collections.abc import Callable

import numpy as np
import openvino as ov
import pytest
import torch
from openvino import opset13 as ops

from models.engines.torch.layers import Unsupported
from models.engines.torch.network import Network
from models.engines.torch.operations import OPERATIONS


def halved(x: ov.Node) -> ov.Node:
    """A reshape to sizes read while it runs."""
    size = ops.shape_of(x)
    rows = ops.gather(size, ops.constant([0]), ops.constant(0))
    rest = ops.divide(ops.gather(size, ops.constant([1]), ops.constant(0)), ops.constant([2]))
    return ops.reshape(x, ops.concat([rows, ops.constant([2]), rest], 0), False)


def flat(x: ov.Node) -> ov.Node:
    """A reshape to as many values as there are."""
    return ops.reshape(x, ops.reduce_prod(ops.shape_of(x), ops.constant([0]), True), False)


FORMS: dict[str, Callable[[ov.Node], ov.Node]] = {
    "arithmetic": lambda x: ops.divide(ops.power(ops.abs(x), np.float32(1.5)), ops.add(ops.exp(x), np.float32(1))),
    "choice": lambda x: ops.select(ops.greater(x, np.float32(0)), x, ops.negative(x)),
    "sizes": halved,
    "slice": lambda x: ops.strided_slice(x, [0, 1], [0, -1], [1, 2], [1, 0], [1, 0]),
    "bounds": lambda x: ops.select(
        ops.logical_and(ops.less_equal(x, np.float32(1)), ops.greater_equal(x, np.float32(-1))), x, ops.negative(x)
    ),
    "all sizes": flat,
    "product": lambda x: ops.reduce_prod(x, ops.constant([0, -1]), False),
    "products": lambda x: ops.reduce_prod(x, ops.constant([1]), True),
    "sum": lambda x: ops.reduce_sum(x, ops.constant([1]), True),
    "sums so far": lambda x: ops.cum_sum(x, ops.constant(1)),
    "shares": lambda x: ops.softmax(x, 1),
    "turned": lambda x: ops.transpose(ops.unsqueeze(x, ops.constant([0])), ops.constant([2, 0, 1])),
    "rim": lambda x: ops.pad(x, ops.constant([0, 1]), ops.constant([1, 2]), "reflect"),
    "parts": lambda x: ops.concat(list(ops.split(x, ops.constant(1), 2).outputs())[::-1], 1),
    "bytes": lambda x: ops.convert(ops.clamp(ops.multiply(x, np.float32(90)), 0.0, 255.0), "u8"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_answers_as_openvino_does(name: str) -> None:
    x = np.random.default_rng(3).normal(size=(3, 8)).astype(np.float32)
    port = ops.parameter([-1, 8], np.float32)
    network = ov.Model([FORMS[name](port)], [port])
    expected = ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([x])[0]
    (made,) = Network(network)(torch.from_numpy(x))
    assert made.shape == expected.shape
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_a_form_that_the_table_has_not_is_refused() -> None:
    backwards = ops.cum_sum(ops.parameter([4], np.float32), ops.constant(0), reverse=True)
    with pytest.raises(Unsupported, match="CumSum"):
        OPERATIONS["CumSum"](backwards)
