"""Changes to a network that leave its answers alone: inputs settled, narrow convolutions widened, planes, box sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import openvino as ov
from openvino import opset13

from models.engines import planar_layout

VERSION = 3  # part of the name of what is kept on the disk: raise it when the changes below change
REGISTER = 16  # output channels that the CPU's convolution computes at once, however few there are


def rewrite(network: ov.Model, constants: Mapping[str, bool]) -> None:
    """Freeze inputs by name (`{"training_flag": False}`), widen every convolution that gains by it, calculate on
    planes and sum boxes without convolutions, in place."""
    freeze(network, constants)
    settle_batch(network)
    for node, block in list(_narrow(network)):
        _widen(node, block)
    planar_layout.rewrite(network)
    for node, weight in list(_boxes(network)):
        _sum(node, weight)


def names(port: ov.Output) -> list[str]:
    """Every name of a tensor: besides its own it carries those of the nodes that were folded into it. TensorFlow's
    `:0` is left out."""
    return [name.removesuffix(":0") for name in port.get_names()]


def freeze(network: ov.Model, constants: Mapping[str, bool]) -> None:
    """Left as an input, the flag of a batch norm's two branches makes the CPU plugin answer garbage now and then."""
    ports = {name: port for port in network.inputs for name in names(port)}
    for name, value in constants.items():
        parameter = ports[name].get_node()
        parameter.output(0).replace(opset13.constant(np.asarray(value)).output(0))
        network.remove_parameter(parameter)


def settle_batch(network: ov.Model) -> None:
    """A network of pictures whose number alone is open takes one: the plugin plans for known shapes alone."""
    shapes = {port: port.get_partial_shape() for port in network.inputs}
    for shape in shapes.values():
        if len(shape) == 4 and [axis.is_dynamic for axis in shape] == [True, False, False, False]:
            shape[0] = 1
    network.reshape(shapes)


def _narrow(network: ov.Model) -> Iterator[tuple[ov.Node, int]]:
    """Convolutions with so few output channels that most of a register is idle, and the side of the block to fill it.

    Only those of stride 1, with an odd square kernel of constants and as much output as input.
    """
    for node in network.get_ordered_ops():
        if node.get_type_name() != "Convolution" or node.input_value(1).get_node().get_type_name() != "Constant":
            continue
        shape, how = list(node.input_value(1).get_shape()), node.get_attributes()
        block = {1: 4, 2: 2, 3: 2, 4: 2}.get(shape[0], 0)
        plain = list(how["strides"]) == list(how["dilations"]) == [1, 1] and len(shape) == 4
        if block and plain and shape[2] == shape[3] and shape[2] % 2 == 1 and shape[2] > 1 and _keeps_size(how, shape):
            yield node, block


def _boxes(network: ov.Model) -> Iterator[tuple[ov.Node, float]]:
    """3×3 convolutions of few channels, each by itself, with one weight for the whole kernel; and that weight."""
    for node in network.get_ordered_ops():
        if node.get_type_name() != "GroupConvolution":
            continue
        kernel, how = node.input_value(1).get_node(), node.get_attributes()
        if (
            kernel.get_type_name() != "Constant"
            or kernel.data.ndim != 5
            or kernel.data.shape[0] > planar_layout.CHANNELS
        ):
            continue
        _, outputs, inputs, *sides = kernel.data.shape
        plain = list(how["strides"]) == list(how["dilations"]) == [1, 1] and outputs == inputs == 1
        if plain and sides == [3, 3] and np.ptp(kernel.data) == 0 and _keeps_size(how, [outputs, inputs, *sides]):
            yield node, float(kernel.data.flat[0])


def _sum(node: ov.Node, weight: float) -> None:
    """Sum each pixel's 3×3 neighbours by shifts.

    What follows the last convolution of a network is calculated in f32, even where the others are in bf16. A guided
    filter (He et al., 2010) is made of box sums and divides by a difference of two of them that may be all rounding.
    """
    edge = opset13.constant([0, 0, 1, 1])
    padded = opset13.pad(node.input_value(0), edge, edge, "constant", opset13.constant(np.float32(0)))
    summed = _neighbours(_neighbours(padded, axis=2), axis=3)
    if weight != 1:
        summed = opset13.multiply(summed, np.float32(weight))
    summed.set_friendly_name(node.get_friendly_name())
    node.output(0).replace(summed.output(0))


def _neighbours(values: ov.Node, *, axis: int) -> ov.Node:
    """Each value, the next and the one after that along `axis`, added up."""
    step, along, last = opset13.constant([1]), opset13.constant([axis]), np.iinfo(np.int64).max
    first, second, third = (
        opset13.slice(values, opset13.constant([start]), opset13.constant([stop]), step, along)
        for start, stop in ((0, -2), (1, -1), (2, last))
    )
    return opset13.add(opset13.add(first, second), third)


def _keeps_size(how: Mapping[str, object], shape: list[int]) -> bool:
    if how["auto_pad"] in ("same_upper", "same_lower"):
        return True
    reach = [shape[2] // 2] * 2
    return how["auto_pad"] == "explicit" and list(how["pads_begin"]) == list(how["pads_end"]) == reach  # type: ignore[call-overload]


def _widen(node: ov.Node, block: int) -> None:
    """Compute `block`² neighbouring pixels as channels of one output, then lay them side by side.

    The same sums with a kernel that is larger by block-1: a 7×7 kernel to three channels costs a third, to one
    channel an eighth.
    """
    kernel = node.input_value(1).get_node().data
    outputs, inputs, side, _ = kernel.shape
    wide = np.zeros((block, block, outputs, inputs, side + block - 1, side + block - 1), kernel.dtype)
    for y in range(block):
        for x in range(block):
            wide[y, x, :, :, y : y + side, x : x + side] = kernel
    source, reach = node.input_value(0), side // 2
    ends = [reach + block - 1] * 2
    weights = opset13.constant(wide.reshape(-1, *wide.shape[3:]))
    channels = opset13.convolution(source, weights, [block] * 2, [reach] * 2, ends, [1, 1])
    pixels = opset13.depth_to_space(channels, "blocks_first", block)
    size = opset13.gather(opset13.shape_of(source), opset13.constant([2, 3]), opset13.constant(0))
    cut = opset13.slice(pixels, opset13.constant([0, 0]), size, opset13.constant([1, 1]), opset13.constant([2, 3]))
    cut.set_friendly_name(node.get_friendly_name())
    node.output(0).replace(cut.output(0))
