"""Branches that are decided beforehand are inlined, whatever the number of their outputs."""

from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from models.cartoon import NEVER_TRAINING
from models.engines.torch import graphs
from models.weights.store import SAMPLES


def branching(condition: bool) -> ov.Model:
    """x + 1 and 10·x, or x - 1 and 20·x."""
    x = ops.parameter([2], np.float32)
    node = ops.if_op(ops.constant(np.array(condition)))
    bodies = []
    for sign in (1, -1):
        inner = ops.parameter([2], np.float32)
        made = [ops.add(inner, np.float32(sign)), ops.multiply(inner, np.float32(15 - 5 * sign))]
        bodies.append((inner, ov.Model(made, [inner])))
    node.set_then_body(bodies[0][1])
    node.set_else_body(bodies[1][1])
    node.set_input(x.output(0), bodies[0][0], bodies[1][0])
    outputs = [node.set_output(bodies[0][1].get_results()[k], bodies[1][1].get_results()[k]) for k in (0, 1)]
    return ov.Model([ops.result(each) for each in outputs], [x])


def test_a_branch_of_several_outputs() -> None:
    for condition, first, second in ((True, [4.0, 5.0], [30.0, 40.0]), (False, [2.0, 3.0], [60.0, 80.0])):
        network = branching(condition)
        graphs.inline_branches(network)
        assert "If" not in {node.get_type_name() for node in network.get_ordered_ops()}
        answers = list(ov.Core().compile_model(network, "CPU")([np.array([3.0, 4.0], np.float32)]).values())
        assert [answer.tolist() for answer in answers] == [first, second]


def test_a_graph_is_settled_once(tmp_path: Path) -> None:
    path = SAMPLES / "cartoon" / "keypoints.pb"
    network = graphs.read(path, tmp_path, NEVER_TRAINING)
    assert ["tower_0/images" in graphs.names(port) for port in network.inputs] == [True]
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("graph.xml")}
    graphs.read(path, tmp_path, NEVER_TRAINING)
    assert len(kept) == 1 and {file: file.stat().st_mtime_ns for file in tmp_path.rglob("graph.xml")} == kept
