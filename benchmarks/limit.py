"""How far a request is from what the machine can do.

    python -m benchmarks.limit [--quick] [--out FOLDER]

Beside our request: the same networks called alone with ready tensors, their arithmetic at the machine's measured
matrix peak, and their weights read once at its measured memory bandwidth.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from benchmarks import bench, inputs
from benchmarks.inputs import ask
from benchmarks.stages import networks_timed
from models.cartoon import NEVER_TRAINING
from models.emotion import converted_name
from models.engines.openvino import Session

MATRIX_SIDE = 2048
BANDWIDTH_BYTES = 512 * 2**20
INPUTS = {"input_image", "waveform", "tower_0/images"}
WEIGHT_BYTES = {"f32": 4, "bf16": 2}
# Kernel cells times these are multiply-adds per output value.
CONVOLUTIONS = ("Convolution", "GroupConvolution")


def matrix_peak(precision: str, given: bench.Options) -> float:
    """GFLOP/s of one large matrix product on the engine itself."""
    left = ops.parameter([MATRIX_SIDE, MATRIX_SIDE], np.float32)
    right = ops.constant(np.random.default_rng(0).normal(size=(MATRIX_SIDE, MATRIX_SIDE)).astype(np.float32))
    network = ov.Model([ops.matmul(left, right, False, False)], [left])
    hints = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": given.threads, "NUM_STREAMS": 1}
    request = ov.Core().compile_model(network, "CPU", hints).create_infer_request()
    request.infer([np.ones((MATRIX_SIDE, MATRIX_SIDE), np.float32)])
    return 2 * MATRIX_SIDE**3 / min(bench.timed(request.infer) for _ in range(40)) / 1e9


def bandwidth(given: bench.Options) -> float:
    """GB/s read, all threads, by summing an array larger than the caches."""
    import torch

    torch.set_num_threads(given.threads)
    array = torch.ones(BANDWIDTH_BYTES // 4)
    return BANDWIDTH_BYTES / min(bench.timed(array.sum) for _ in range(8)) / 1e9


def gflop(path: Path, shape: tuple[int, ...]) -> float:
    """Arithmetic of the convolutions and matrix products of a network on one input of `shape`, in GFLOP."""
    network = ov.Core().read_model(path)
    for name, port in {port.any_name.removesuffix(":0"): port for port in network.inputs}.items():
        if name in NEVER_TRAINING:
            port.get_node().output(0).replace(ops.constant(np.array(False)).output(0))
            network.remove_parameter(port.get_node())
    network.reshape(list(shape))
    return sum(_multiply_adds(node) for node in network.get_ordered_ops()) * 2 / 1e9


def _multiply_adds(node: Any) -> float:
    kind = node.get_type_name()
    if kind not in (*CONVOLUTIONS, "MatMul", "ScaledDotProductAttention") or node.output(0).partial_shape.is_dynamic:
        return 0.0
    size = float(np.prod(node.output(0).shape))
    if kind == "ScaledDotProductAttention":
        queries, keys = node.input(0).get_shape(), node.input(1).get_shape()
        return float(np.prod(queries)) * keys[-2] * 2
    if kind == "MatMul":
        return size * node.input(0).get_shape()[-2 if node.get_attributes()["transpose_a"] else -1]
    kernel = node.input(1).get_shape()
    return size * float(np.prod(kernel[2:] if kind == "GroupConvolution" else kernel[1:]))


def weights(path: Path) -> int:
    """How many numbers a network holds."""
    constants = (node for node in ov.Core().read_model(path).get_ops() if node.get_type_name() == "Constant")
    return sum(int(np.prod(node.get_output_shape(0))) for node in constants if node.get_element_type().is_real())


def networks(task: str, given: bench.Options) -> list[tuple[str, Path, tuple[int, ...]]]:
    """(request, network file, input shape) of the request that is looked at."""
    folder = given.standins / task
    if task == "matting":
        return [("matting 512 px", folder / "tf_graph.pb", (512, 512, 3))]
    if task == "emotion":
        converted = given.compute(task).artifacts / converted_name(given.precision)
        return [("emotion 4 s", converted / "emotion.xml", (1, 64_000))]
    return [
        ("cartoon 1 face 1024 px", folder / f"{name}.pb", shape)
        for name, shape in (
            ("cartoon_bg", (720, 720, 3)),
            ("cartoon_h", (288, 288, 3)),
            ("detector", (1, 512, 512, 3)),
            ("keypoints", (1, 160, 160, 3)),
        )
    ]


def alone(path: Path, shape: tuple[int, ...], task: str, given: bench.Options, repeats: int) -> float:
    """Median seconds of the compiled network alone, on tensors that are in place."""
    exact = path.stem in ("detector", "keypoints")
    constants = NEVER_TRAINING if exact else {}
    session = Session(path, compute=given.compute(task), precision="f32" if exact else None, constants=constants)
    (name,) = session._inputs.keys() & INPUTS
    session.run({name: np.random.default_rng(0).uniform(0, 255, shape).astype(np.float32)})
    with session._request() as request:
        return statistics.median(bench.timed(request.infer) for _ in range(repeats))


def measure(task: str, peaks: dict[str, float], read: float, given: bench.Options) -> dict[str, Any]:
    pipeline = given.ours(task)
    value = {"cartoon": inputs.picture(1024, 1), "matting": inputs.picture(512), "emotion": inputs.clip(4)}[task]
    one, repeats = ask(pipeline, task), 5 if given.quick else 15
    whole, inside = _request(lambda: one(value), repeats)
    parts = networks(task, given)
    raw = sum(alone(path, shape, task, given, repeats) for _, path, shape in parts)
    work = sum(gflop(path, shape) for _, path, shape in parts)
    arithmetic = work / peaks[given.precision]
    reading = sum(weights(path) for _, path, _ in parts) * WEIGHT_BYTES[given.precision] / read / 1e9
    return {
        "request": parts[0][0],
        "ours ms": bench.ms(whole),
        "networks inside ms": bench.ms(inside),
        "networks alone ms": bench.ms(raw),
        "ours / alone": f"{whole / raw:.2f}",
        "GFLOP": f"{work:.0f}",
        "at matrix peak ms": bench.ms(arithmetic),
        "ours / peak": f"{whole / arithmetic:.1f}",
        "weights read once ms": bench.ms(reading),
        "ours / reading": f"{whole / reading:.1f}",
    }


def _request(call: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Median seconds of a request and, of those, inside networks."""
    call()
    wholes, insides = [], []
    for _ in range(repeats):
        with networks_timed() as passes:
            start = time.perf_counter()
            call()
            wholes.append(time.perf_counter() - start)
        insides.append(sum(passes.seconds))
    return statistics.median(wholes), statistics.median(insides)


def main() -> None:
    given = bench.options(__doc__)
    if given.precision not in WEIGHT_BYTES:
        sys.exit(f"The peak of {given.precision} is not measured.")
    facts = bench.machine(given)
    peaks = {precision: matrix_peak(precision, given) for precision in ("f32", "bf16")}
    read = bandwidth(given)
    limits = [
        {"f32 GFLOP/s": f"{peaks['f32']:.0f}", "bf16 GFLOP/s": f"{peaks['bf16']:.0f}", "read GB/s": f"{read:.1f}"}
    ]
    rows = [measure(task, peaks, read, given) for task in given.only]
    bench.publish("limit", given, facts, {"The machine": limits, "Requests against it": rows})


if __name__ == "__main__":
    main()
