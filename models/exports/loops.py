"""Loops that turn once, unrolled."""

from __future__ import annotations

import openvino as ov
from openvino import opset13
from openvino.op.util import InvariantInputDescription, MergedInputDescription

WHOLE = (InvariantInputDescription, MergedInputDescription)


def unroll(network: ov.Model) -> None:
    """In the place of a loop that ends after its first turn, as over the one picture that there is, its body."""
    for node in network.get_ordered_ops():
        if node.get_type_name() == "Loop" and _begins(node) and _ends_at_once(node):
            _inline(node)
    network.validate_nodes_and_infer_types()


def _begins(loop: ov.Node) -> bool:
    """Whether it surely turns at all, and takes its inputs whole."""
    turns, goes = (loop.input_value(place).get_node() for place in (0, 1))
    known = all(each.get_type_name() == "Constant" for each in (turns, goes))
    whole = all(isinstance(each, WHOLE) for each in loop.get_input_descriptions())
    return known and whole and bool(turns.data.all()) and bool(goes.data.all())


def _ends_at_once(loop: ov.Node) -> bool:
    """Whether its condition is false after the first turn, whatever the picture."""
    # Part of OpenVINO's own converter, which takes a second to import.
    from openvino._offline_transformations import apply_moc_transformations

    turn, condition = loop.get_special_body_ports()
    body = loop.get_function().clone()
    results = body.get_results()
    for port, parameter in _first_turn(loop, body, turn):
        if port.get_node().get_type_name() == "Constant":
            parameter.output(0).replace(opset13.constant(port.get_node().data).output(0))
    for result in results[:condition] + results[condition + 1 :]:
        body.remove_result(result)
    apply_moc_transformations(body, True)
    goes_on = body.get_results()[0].input_value(0).get_node()
    return goes_on.get_type_name() == "Constant" and not goes_on.data.any()


def _first_turn(loop: ov.Node, body: ov.Model, turn: int) -> list[tuple[ov.Output, ov.Node]]:
    """What each parameter of the body is in the first turn."""
    parameters = body.get_parameters()
    given = [
        (loop.input_value(each.input_index), parameters[each.body_parameter_index])
        for each in loop.get_input_descriptions()
    ]
    first = (
        [(opset13.constant(0, parameters[turn].get_element_type()).output(0), parameters[turn])] if turn >= 0 else []
    )
    return given + first


def _inline(loop: ov.Node) -> None:
    body = loop.get_function()
    results = body.get_results()
    for port, parameter in _first_turn(loop, body, loop.get_special_body_ports()[0]):
        parameter.output(0).replace(port)
    for each in loop.get_output_descriptions():
        loop.output(each.output_index).replace(results[each.body_value_index].input_value(0))
