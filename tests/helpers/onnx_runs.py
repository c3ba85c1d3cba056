"""A small network of OpenVINO, run as it is and as ONNX."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import openvino as ov

from models.exports.checks import answers
from models.exports.network import convert
from models.exports.writer import Writer


def network_of(outputs: Sequence[ov.Node], inputs: Sequence[ov.Node]) -> ov.Model:
    """With the inputs named a, b and so on, and the outputs 0, 1 and so on."""
    named = [*zip("abc", inputs, strict=False), *zip(map(str, range(len(outputs))), outputs, strict=True)]
    for name, node in named:
        node.output(0).get_tensor().set_names({name})
    return ov.Model([each.output(0) for each in outputs], list(inputs))


def converted(network: ov.Model, *, half: bool = False) -> Writer:
    ports = {name: port for port in [*network.inputs, *network.outputs] for name in port.get_names()}
    shapes = {name: [f"{name}{k}" for k in range(len(port.get_partial_shape()))] for name, port in ports.items()}
    outputs = [name for name in shapes if name.isdigit()]
    return convert(network, outputs=outputs, shapes=shapes, half=half)


def assert_same(network: ov.Model, arrays: Mapping[str, np.ndarray], folder: Path, *, atol: float = 1e-6) -> None:
    """Types, shapes and values of every output, in onnxruntime and in OpenVINO."""
    path = folder / "network.onnx"
    converted(network).save(path)
    onnx.checker.check_model(path)
    (ours,) = answers(path, [arrays], threads=1)
    compiled = ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled([arrays[name] for name in "abc" if name in arrays])
    for port, expected in found.items():
        name = next(name for name in port.get_names() if name.isdigit())
        assert ours[name].dtype == expected.dtype and ours[name].shape == expected.shape, name
        np.testing.assert_allclose(ours[name], expected, atol=atol, err_msg=name)
