"""A network that OpenVINO has read, as an ONNX model with the same answers at every size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import onnx
import openvino as ov
from onnx import TensorProto, helper

from models.engines.graph_rewrites import names
from models.engines.torch.layers import Unsupported
from models.engines.torch.network import DENSE, between_dense, key
from models.exports.operations import OPERATIONS, type_of
from models.exports.writer import FLOATS, Writer

PRODUCTS = {*DENSE, "GroupConvolution", "ScaledDotProductAttention"}
# What loses too much in half precision: sums of many, and what divides by them.
EXACT = {"MVN", "Softmax", "Exp", "Log", "Power", "Sqrt", "Divide", "ReduceSum", "ReduceMean", "CumSum"}
FULL = {"ScaledDotProductAttention": (3,)}  # inputs that stay in f32
TYPES = {"f32": TensorProto.FLOAT, "u8": TensorProto.UINT8, "i32": TensorProto.INT32, "i64": TensorProto.INT64}
Key = tuple[str, int]
Shape = Sequence[str | int]


def convert(network: ov.Model, *, outputs: Sequence[str], shapes: Mapping[str, Shape], half: bool = False) -> Writer:
    """The part of `network` that makes these outputs; `shapes` names, by input or output, the axes of open size.

    With `half`, dense layers and the light ones between them are in f16; what comes before the first and after the
    last, norms, softmax, all inputs and outputs stay in f32. Raises Unsupported of what the table has not.
    """
    w, values = Writer(taken=shapes), dict[Key, str]()
    halved = in_half(network) if half else set[str]()
    for node in network.get_ordered_ops():
        kind, w.scope = node.get_type_name(), node.get_friendly_name()
        if kind == "Parameter":
            _add_input(w, values, node, shapes)
        elif kind == "Result":
            _add_output(w, values, node, outputs, shapes)
        elif _constant(node) is None:
            _add_operation(w, values, node, half=node.get_name() in halved)
    w.drop_unused()
    return w


def keep(network: ov.Model, outputs: Sequence[str]) -> None:
    """Takes all other outputs from the network, and with them what only they need."""
    for result in network.get_results():
        if not set(outputs) & set(names(result.input_value(0))):
            network.remove_result(result)


def in_half(network: ov.Model) -> set[str]:
    """Names of the nodes that may be calculated in f16: products between two dense layers, and what is light there."""
    between, halved = between_dense(network), set[str]()
    for node in network.get_ordered_ops():
        name, kind = node.get_name(), node.get_type_name()
        if name in between and (kind in PRODUCTS or (kind not in EXACT and _only_halved(node, halved))):
            halved.add(name)
    return halved


def _only_halved(node: ov.Node, halved: set[str]) -> bool:
    """Whether all floats that were calculated come in half precision already."""
    ports = [port for port in node.input_values() if _constant(port.get_node()) is None]
    floats = [port for port in ports if port.get_element_type().is_real()]
    return bool(floats) and all(port.get_node().get_name() in halved for port in floats)


def _add_operation(w: Writer, values: dict[Key, str], node: ov.Node, *, half: bool) -> None:
    kind = node.get_type_name()
    if kind not in OPERATIONS:
        raise Unsupported(kind)
    full = FULL.get(kind, ())
    taken = [_taken(w, values, port, half and place not in full) for place, port in enumerate(node.input_values())]
    made = OPERATIONS[kind](w, node, *taken)
    for port, name in zip(node.outputs(), made if isinstance(made, list) else [made], strict=False):
        values[key(port)] = name


def _taken(w: Writer, values: Mapping[Key, str], port: ov.Output, half: bool) -> str:
    wanted = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    constant = _constant(port.get_node())
    if constant is not None:
        return w.constant(constant.data, wanted)
    if key(port) not in values:
        raise Unsupported(f"output {port.get_index()} of {port.get_node().get_type_name()}")
    name = values[key(port)]
    return w.cast(name, wanted) if w.types[name] in FLOATS else name


def _constant(node: ov.Node) -> ov.Node | None:
    """The constant that a node is, or unpacks from half precision."""
    kind = node.get_type_name()
    if kind == "Convert" and node.get_output_element_type(0).is_real():
        inner = node.input_value(0).get_node()
        return inner if inner.get_type_name() == "Constant" and inner.get_element_type().is_real() else None
    return node if kind == "Constant" else None


def _add_input(w: Writer, values: dict[Key, str], node: ov.Node, shapes: Mapping[str, Shape]) -> None:
    port = node.output(0)
    name = _named(port, shapes)
    w.model.graph.input.append(_told(name, port, shapes))
    w.types[name] = type_of(port)
    values[key(port)] = name


def _add_output(
    w: Writer, values: Mapping[Key, str], node: ov.Node, outputs: Sequence[str], shapes: Mapping[str, Shape]
) -> None:
    port = node.input_value(0)
    name = _named(port, outputs)
    told = _told(name, port, shapes)
    w.scope = name
    w.rename(w.cast(_taken(w, values, port, False), told.type.tensor_type.elem_type), name)
    w.model.graph.output.append(told)


def _named(port: ov.Output, wanted: Iterable[str]) -> str:
    """Of the several names that a tensor may have, the one that is wanted."""
    return next(name for name in wanted if name in names(port))


def _told(name: str, port: ov.Output, shapes: Mapping[str, Shape]) -> onnx.ValueInfoProto:
    axes = zip(port.get_partial_shape(), shapes[name], strict=True)
    shape = [told if axis.is_dynamic else axis.get_length() for axis, told in axes]
    return helper.make_tensor_value_info(name, TYPES[port.get_element_type().get_type_name()], shape)
