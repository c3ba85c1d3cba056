"""Graphs as the torch engine wants them: branches settled, constants folded, and what is left for the CPU cut off."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import openvino as ov
from openvino import opset13

from models.engines import graph_rewrites
from models.engines.graph_rewrites import names
from models.engines.torch.network import Network
from models.weights.artifact_cache import prepared

VERSION = 1  # part of the name of what is kept on the disk: raise it when `settle` changes

__all__ = ["inline_branches", "left", "names", "read", "settle"]


def read(path: Path, artifacts: Path, constants: Mapping[str, bool]) -> ov.Model:
    """The frozen TensorFlow graph (.pb) at `path`, settled; kept in OpenVINO's own format among the artifacts."""

    def make(folder: Path) -> None:
        ov.save_model(settle(ov.Core().read_model(path), constants), folder / "graph.xml", compress_to_fp16=False)

    name = f"{path.stem}-{zlib.crc32(path.read_bytes()):08x}-torch-{VERSION}"
    with prepared(artifacts / name, make) as kept:
        # In memory: the file may be gone when the block is left.
        weights = (kept / "graph.bin").read_bytes()
        return ov.Core().read_model((kept / "graph.xml").read_bytes(), weights)


def settle(network: ov.Model, constants: Mapping[str, bool]) -> ov.Model:
    """Inputs frozen by name, branches decided by them, one picture at a time, constants folded; in place."""
    # Part of OpenVINO's own converter, which takes a second to import.
    from openvino._offline_transformations import apply_moc_transformations

    graph_rewrites.freeze(network, constants)
    graph_rewrites.settle_batch(network)
    inline_branches(network)
    apply_moc_transformations(network, True)
    return network


def inline_branches(network: ov.Model) -> None:
    """In the place of every If whose condition is known the branch that is taken, however many outputs it has."""
    for node in network.get_ordered_ops():
        condition = node.input_value(0).get_node() if node.get_type_name() == "If" else None
        if condition is None or condition.get_type_name() != "Constant":
            continue
        which = 0 if condition.data.reshape(-1)[0] else 1
        body = node.get_function(which)
        parameters, results = body.get_parameters(), body.get_results()
        for each in node.get_input_descriptions(which):
            parameters[each.body_parameter_index].output(0).replace(node.input_value(each.input_index))
        for each in node.get_output_descriptions(which):
            node.output(each.output_index).replace(results[each.body_value_index].input_value(0))
    network.validate_nodes_and_infer_types()


def left(network: ov.Model, module: Network) -> ov.Model:
    """What the module has not: its inputs are what the module makes, named by place. `network` is taken apart."""
    parameters = []
    for place, port in enumerate(module.ports):
        inputs = [each for each in port.get_target_inputs() if each.get_node().get_name() in module.left]
        if inputs:
            parameter = opset13.parameter(port.get_partial_shape(), port.get_element_type())
            parameter.set_friendly_name(str(place))
            parameters.append(parameter)
            for each in inputs:
                each.replace_source_output(parameter.output(0))
    results = [each for each in network.get_results() if each.input_value(0).get_node().get_name() in module.left]
    return ov.Model(results, parameters)
