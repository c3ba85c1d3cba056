"""Networks rewritten to calculate on colour planes answer as before, and are rewritten where it pays alone."""

from collections.abc import Callable

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from models.engines import graph_rewrites, planar_layout

Build = Callable[[], ov.Model]


def boxed(picture: ov.Node) -> ov.Node:
    kernel = np.full((3, 1, 1, 3, 3), 1 / 9, np.float32)
    return opset13.group_convolution(picture, kernel, [1, 1], [1, 1], [1, 1], [1, 1])


def filtered() -> ov.Model:
    """[H,W,3] scaled, its local mean over the share of the box inside the frame, one weight a channel, as bytes."""
    image = opset13.parameter([-1, -1, 3], np.float32, name="image")
    batch = opset13.unsqueeze(opset13.divide(image, np.float32(127.5)), opset13.constant(0))
    ones = opset13.broadcast(opset13.constant(np.float32(1)), opset13.shape_of(batch))
    share, mean = (boxed(opset13.transpose(each, opset13.constant([0, 3, 1, 2]))) for each in (ones, batch))
    weights = np.float32([0.5, 1, 2]).reshape(1, 3, 1, 1)
    even = opset13.clamp(opset13.add(opset13.multiply(opset13.divide(mean, share), weights), weights), 0.1, 4)
    back = opset13.transpose(even, opset13.constant([0, 2, 3, 1]))
    first = opset13.strided_slice(
        back, opset13.constant([0]), opset13.constant([1]), opset13.constant([1]), [0], [0], [0], [1], [0]
    )
    return ov.Model([opset13.convert(opset13.multiply(first, np.float32(60)), np.uint8)], [image])


def joined() -> ov.Model:
    """[H,W,3] and a channel calculated from it, resized to half, side by side."""
    image = opset13.parameter([-1, -1, 3], np.float32, name="image")
    batch = opset13.unsqueeze(image, opset13.constant(0))
    size = opset13.slice(opset13.shape_of(batch), [1], [3], [1], [0])
    half = opset13.divide(size, opset13.constant(2))
    shown = opset13.multiply(batch, np.float32(2))
    small = opset13.interpolate(shown, half, "linear_onnx", "sizes", axes=np.array([1, 2]))
    grey = opset13.reduce_mean(small, opset13.constant([3]), True)
    return ov.Model([opset13.concat([opset13.sqrt(small), opset13.abs(grey)], 3)], [image])


@pytest.mark.parametrize("build", [filtered, joined])
def test_answers_stay_at_every_size(build: Build) -> None:
    plain, planes = build(), build()
    planar_layout.rewrite(planes)
    assert ranks(planes, "Multiply") == {3}
    runs = [ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}) for network in (plain, planes)]
    for size in ((16, 16), (6, 10), (30, 2)):
        image = np.random.default_rng(size[0]).uniform(0, 255, (*size, 3)).astype(np.float32)
        before, after = (run([image])[0] for run in runs)
        assert before.shape == after.shape
        np.testing.assert_allclose(after.astype(np.float32), before, rtol=1e-5)


def ranks(network: ov.Model, kind: str) -> set[int]:
    nodes = (node for node in network.get_ordered_ops() if node.get_type_name() == kind)
    return {len(node.get_output_partial_shape(0)) for node in nodes}


@pytest.mark.parametrize("shape", [[1, 64, 64, 3], [1, -1, -1, 32], [-1, -1, -1, 3]])
def test_pictures_of_one_size_of_many_channels_or_in_batches_stay(shape: list[int]) -> None:
    image = opset13.parameter(shape, np.float32)
    network = ov.Model([opset13.multiply(image, np.float32(2))], [image])
    planar_layout.rewrite(network)
    assert ranks(network, "Multiply") == {4}


def test_a_bias_stays_with_its_convolution() -> None:
    image = opset13.parameter([1, 8, -1, -1], np.float32)
    drawn = opset13.convolution(image, np.ones((4, 8, 1, 1), np.float32), [1, 1], [0, 0], [0, 0], [1, 1])
    network = ov.Model([opset13.add(drawn, np.ones((1, 4, 1, 1), np.float32))], [image])
    planar_layout.rewrite(network)
    assert ranks(network, "Add") == {4}


def test_an_open_number_of_pictures_becomes_one() -> None:
    images = opset13.parameter([-1, 32, 32, 3], np.float32)
    network = ov.Model([opset13.multiply(images, np.float32(2))], [images])
    graph_rewrites.rewrite(network, {})
    assert network.outputs[0].get_shape() == [1, 32, 32, 3]
