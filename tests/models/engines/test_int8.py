"""Matrices in 8 bits: near what they were, and what is small stays as it is."""

from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from models.engines import best_precision, int8, precision_of


def product(matrix: np.ndarray) -> ov.Model:
    tokens = ops.parameter([-1, matrix.shape[1]], np.float32)
    return ov.Model([ops.matmul(tokens, ops.constant(matrix), False, True)], [tokens])


def whole_numbers(network: ov.Model) -> list[np.ndarray]:
    return [node.data for node in network.get_ops() if node.get_element_type() == ov.Type.i8]


def test_products_stay_near_and_a_row_of_zeros_stays_zero(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(96, 256)).astype(np.float32) * rng.uniform(0.01, 10, (96, 1)).astype(np.float32)
    matrix[7] = 0
    network = product(matrix)
    int8.quantize(network)
    ov.save_model(network, tmp_path / "network.xml", compress_to_fp16=True)
    options = {"INFERENCE_PRECISION_HINT": "f32", **int8.OPTIONS}
    tokens = rng.normal(size=(5, 256)).astype(np.float32)
    found = ov.Core().compile_model(tmp_path / "network.xml", "CPU", options)([tokens])[0]
    exact = tokens @ matrix.T
    assert np.abs(found[:, 7]).max() == 0
    assert np.linalg.norm(found - exact) < 0.02 * np.linalg.norm(exact)
    assert (tmp_path / "network.bin").stat().st_size < matrix.size * 1.1


def test_a_matrix_of_few_outputs_stays_as_it_is() -> None:
    network = product(np.ones((9, 256), np.float32))
    int8.quantize(network)
    assert whole_numbers(network) == []


def test_whole_numbers_are_symmetric() -> None:
    network = product(np.linspace(-3, 1, 64 * 64, dtype=np.float32).reshape(64, 64))
    int8.quantize(network)
    (whole,) = whole_numbers(network)
    assert whole.min() == -127
    assert whole.dtype == np.int8


@pytest.mark.parametrize("task", ["cartoon", "matting"])
def test_int8_leaves_pictures_to_the_best_of_the_processor(task: str) -> None:
    assert precision_of(task, "int8") == precision_of(task, "auto") == best_precision()
    assert precision_of("emotion", "int8") == "int8"
