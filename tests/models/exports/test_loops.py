"""A loop that turns once is its body; one that may turn again stays what it is."""

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from models.exports import loops


def turning(times: int) -> ov.Model:
    """x + 1, so many times, at least once; the count is compared at the end of each turn, as TensorFlow does."""
    x, inner, count = ops.parameter([2], np.float32), ops.parameter([2], np.float32), ops.parameter([], np.int32)
    more = ops.add(count, np.int32(1))
    body = ov.Model([ops.add(inner, np.float32(1)), more, ops.less(more, np.int32(times))], [inner, count])
    loop = ops.loop(ops.constant(np.int32(-1)), ops.constant(np.array(True)))
    loop.set_function(body)
    loop.set_special_body_ports([-1, 2])
    results = body.get_results()
    loop.set_merged_input(inner, x.output(0), results[0].output(0))
    loop.set_merged_input(count, ops.constant(np.int32(0)).output(0), results[1].output(0))
    return ov.Model([loop.get_iter_value(results[0].output(0), -1)], [x])


@pytest.mark.parametrize(("times", "left"), [(1, 0), (2, 1)])
def test_only_a_loop_of_one_turn_is_unrolled(times: int, left: int) -> None:
    network = turning(times)
    loops.unroll(network)
    assert [node.get_type_name() for node in network.get_ordered_ops()].count("Loop") == left
    answer = next(iter(ov.Core().compile_model(network, "CPU")([np.array([3.0, 4.0], np.float32)]).values()))
    assert answer.tolist() == [3 + times, 4 + times]
