"""A network that OpenVINO has read, as a torch module with the same answers.

OpenVINO's TensorFlow reader has settled what is hard about frozen graphs: layouts, fused batch norms, names. What it
leaves are some sixty operations, each with a line in `operations`. A network of any size stays one of any size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import openvino as ov
import torch
from torch import Tensor, nn

from models.engines.torch import sizes
from models.engines.torch.layers import Function, Unsupported
from models.engines.torch.operations import OPERATIONS, SIZES

Key = tuple[str, int]  # a node's name and the place among its outputs
DENSE = {"Convolution", "MatMul"}  # what is worth half precision
ABOUT_SIZES = {
    *sizes.ARITHMETIC,
    *("Gather", "Concat", "StridedSlice", "Reshape", "Squeeze", "Unsqueeze", "Convert", "ReduceProd"),
}


@dataclass(frozen=True)
class Input:
    """Where an operation takes a value from: an earlier one, a constant tensor of the module, or sizes."""

    key: Key | None = None
    constant: str | None = None
    given: np.ndarray | None = None
    sizes: bool = False


@dataclass(frozen=True)
class Step:
    """One operation; floats are brought to `dtype` before it, `last` are values that nobody needs afterwards."""

    function: Function
    inputs: tuple[Input, ...]
    outputs: tuple[Key, ...]
    dtype: torch.dtype
    last: tuple[Key, ...] = ()


class Network(nn.Module):
    """Takes tensors in the order of the network's inputs, gives a tuple of those of `ports`: all that the table can
    calculate and that an output, or a node of `left`, needs.

    With `half`, dense layers and what lies between two of them are calculated in it; what comes before the first and
    after the last stays in f32: a guided filter divides by a difference that is all rounding in half precision.
    """

    def __init__(self, network: ov.Model, half: torch.dtype | None = None) -> None:
        super().__init__()
        self._half, self._halved = half or torch.float32, between_dense(network) if half else set()
        self._given = [key(parameter.output(0)) for parameter in network.get_parameters()]
        self._sizes: set[Key] = set()
        self._known: set[Key] = set(self._given)
        self._constants: dict[tuple[str, torch.dtype], str] = {}
        self.left: dict[str, str] = {}
        steps = [made for node in network.get_ordered_ops() if (made := self._step(node))]
        self.ports = self._wanted(network)
        self._steps = _freeing(steps, {key(port) for port in self.ports})

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        values: dict[Key, Any] = dict(zip(self._given, given, strict=True))
        device = given[0].device
        for step in self._steps:
            made = step.function(*(self._taken(each, values, step.dtype, device) for each in step.inputs))
            several = made if isinstance(made, (tuple, list)) else (made,)
            values.update(zip(step.outputs, several, strict=False))
            for gone in step.last:
                values.pop(gone, None)
        return tuple(_tensor(values[key(port)], torch.float32, device) for port in self.ports)

    def _taken(self, source: Input, values: dict[Key, Any], dtype: torch.dtype, device: torch.device) -> Any:
        if source.given is not None:
            return source.given
        value = getattr(self, source.constant) if source.constant else values[source.key]  # type: ignore[index]
        if source.sizes:
            return value
        if isinstance(value, np.ndarray) and value.size == 1:
            return value.item()
        return _tensor(value, dtype, device)

    def _step(self, node: ov.Node) -> Step | None:
        kind = node.get_type_name()
        if kind in ("Parameter", "Constant", "Result"):
            return None
        try:
            function = self._function(node, kind)
        except Unsupported as error:
            self.left[node.get_name()] = str(error)
            return None
        about = self._is_about_sizes(node)
        dtype = self._half if node.get_name() in self._halved else torch.float32
        inputs = [self._input(node, k, sizes=about or k in SIZES.get(kind, ()), dtype=dtype) for k in _inputs(node)]
        outputs = tuple(key(port) for port in node.outputs())
        self._known.update(outputs)
        self._sizes.update(outputs if about or kind == "ShapeOf" else ())
        if about and kind in sizes.ARITHMETIC:
            function = sizes.ARITHMETIC[kind]
        return Step(function, tuple(inputs), outputs, dtype)

    def _function(self, node: ov.Node, kind: str) -> Function:
        for place, port in enumerate(node.input_values()):
            constant = port.get_node().get_type_name() == "Constant"
            if not constant and key(port) not in self._known:
                raise Unsupported("behind another")
            if place in SIZES.get(kind, ()) and not constant and key(port) not in self._sizes:
                raise Unsupported(f"{kind}: a size that is calculated on the device")
        if kind not in OPERATIONS:
            raise Unsupported(kind)
        return OPERATIONS[kind](node)

    def _is_about_sizes(self, node: ov.Node) -> bool:
        calculated = [port for port in node.input_values() if port.get_node().get_type_name() != "Constant"]
        about = bool(calculated) and all(key(port) in self._sizes for port in calculated)
        return about and node.get_type_name() in ABOUT_SIZES

    def _input(self, node: ov.Node, place: int, *, sizes: bool, dtype: torch.dtype) -> Input:
        port = node.input_value(place)
        if port.get_node().get_type_name() != "Constant":
            return Input(key=key(port), sizes=sizes)
        if sizes:
            return Input(given=port.get_node().data.astype(object))
        return Input(constant=self._constant(port.get_node(), dtype))

    def _constant(self, node: ov.Node, dtype: torch.dtype) -> str:
        """The name of the buffer that holds it; one for each precision it is wanted in."""
        array = node.data
        dtype = dtype if array.dtype.kind == "f" else torch.from_numpy(array[:0].copy()).dtype if array.ndim else dtype
        name = self._constants.setdefault((node.get_name(), dtype), f"constant_{len(self._constants)}")
        if not hasattr(self, name):
            tensor = torch.from_numpy(np.array(array, order="C"))
            self.register_buffer(name, tensor.to(dtype) if array.dtype.kind == "f" else tensor)
        return name

    def _wanted(self, network: ov.Model) -> list[ov.Output]:
        nodes = [n for n in network.get_ordered_ops() if n.get_name() in self.left or n.get_type_name() == "Result"]
        ports = {key(port): port for node in nodes for port in node.input_values()}
        return [port for known, port in ports.items() if known in self._known]


def key(port: ov.Output) -> Key:
    return port.get_node().get_name(), port.get_index()


def between_dense(network: ov.Model) -> set[str]:
    """Names of the nodes that are dense, or have such layers before and behind them."""
    nodes, before, behind = network.get_ordered_ops(), set[str](), set[str]()
    for node in nodes:
        above = {port.get_node().get_name() for port in node.input_values()}
        if node.get_type_name() in DENSE or above & before:
            before.add(node.get_name())
    for node in reversed(nodes):
        below = {target.get_node().get_name() for port in node.outputs() for target in port.get_target_inputs()}
        if node.get_type_name() in DENSE or below & behind:
            behind.add(node.get_name())
    return before & behind


def _inputs(node: ov.Node) -> range:
    return range(node.get_input_size())


def _freeing(steps: Iterable[Step], kept: set[Key]) -> list[Step]:
    """The steps, each with the values that it is the last to need."""
    made, needed = [], set(kept)
    for step in reversed(list(steps)):
        if not needed & set(step.outputs):
            continue
        taken = {each.key for each in step.inputs if each.key}
        unused = {output for output in step.outputs if output not in needed}
        made.append(replace(step, last=tuple((taken - needed) | unused)))
        needed |= taken
    return made[::-1]


def _tensor(value: Any, dtype: torch.dtype, device: torch.device) -> Tensor:
    if not isinstance(value, Tensor):
        return torch.tensor(sizes.plain(value), device=device)
    if value.is_floating_point() and value.dtype != dtype:
        return value.to(dtype)
    return value if value.device == device else value.to(device)
