"""One request at a time: the whole of it, its networks alone, copies, arithmetic, memory, and the same in eager f32."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

import preload
import settings
from benchmarks import bench, gpu_device, gpu_networks, inputs
from benchmarks.gpu_load import Row, asked, compared
from models.engines import Compute, pipeline_class
from models.engines.shared_sessions import SharedSessions

if TYPE_CHECKING:
    from benchmarks.gpu import Options

Ask = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Others:
    """Who answers the same beside the residents: `ours` as they do, to be heard apart from them, `eager` the same
    networks in torch f32, `exact` OpenVINO in f32 on the CPU, and the stock pipeline, where it can use the GPU."""

    ours: Ask
    eager: Ask
    exact: Ask
    stock: Ask | None


def others(task: str, configured: settings.Settings, *, stock: bool) -> Others:
    """The same weights as the product's, in sessions of their own."""
    model = preload.RESIDENTS[task].slot().model  # type: ignore[index]
    located = preload.store_of(configured).locate(model, progress=lambda done, total: None)
    ours = replace(preload.compute_of(configured, model, located), digests={}, sessions=SharedSessions())
    eager = replace(ours, precision="f32")
    exact = replace(eager, engine="openvino", device="cpu")

    def opened(compute: Compute) -> Ask:
        with gpu_networks.unrecorded():
            return inputs.ask(pipeline_class(compute.engine, task)(located.folder, compute=compute), task)

    plain = opened(eager)
    like_ours = plain if ours.precision == "f32" else opened(ours)
    return Others(like_ours, plain, opened(exact), opened(replace(exact, engine="reference")) if stock else None)


def row(name: str, task: str, value: np.ndarray, beside: Others, given: "Options", peaks: Mapping[str, float]) -> Row:
    """One case. Networks and copies are timed alone; the request, eager f32 and stock in turns."""
    device = torch.device(given.device)
    request = partial(asked, task, value)
    passes, plain = (gpu_networks.of(partial(who, value)) for who in (beside.ours, beside.eager))
    taken = _in_turns(request, plain, partial(beside.stock, value) if beside.stock else None, given)
    middle, eager = statistics.median(taken["ours"].wall), statistics.median(taken["eager"].wall)
    repeats = given.sizes.alone
    alone, work = gpu_networks.alone(passes, device, repeats), gpu_networks.gflop(plain)
    found = {
        "case": name,
        "runs": len(taken["ours"].wall),
        "p50 ms": bench.ms(middle),
        "p95 ms": bench.ms(bench.p(taken["ours"].wall, 95)),
        "networks alone ms": bench.ms(alone),
        "request / networks": f"{middle / alone:.2f}",
        "copies alone ms": bench.ms(gpu_networks.copies(passes, device, repeats)),
        "eager f32 ms": bench.ms(eager),
        "eager f32 / request": f"{eager / middle:.2f}",
        "eager TF32 ms": bench.ms(_rounded(plain, device, repeats)) if device.type == "cuda" else "",
        "stock ms": bench.ms(statistics.median(taken["stock"].wall)) if beside.stock else "",
        "GFLOP": f"{work:.3g}",
        "TFLOP/s": f"{work / alone / 1e3:.3g}",
        "of the matrix peak": f"{100 * work / alone / 1e3 / peaks[given.precision]:.0f} %",
        "peak MB": f"{gpu_device.peak_mb(request, device):.0f}",
        "parity with": "stock" if beside.stock else "OpenVINO f32",
    }
    return found | compared(task, request(), (beside.stock or beside.exact)(value), given.precision)


def _in_turns(
    request: Callable[[], Any], plain: list[gpu_networks.Pass], stock: Callable[[], Any] | None, given: "Options"
) -> dict[str, bench.Times]:
    def eager() -> None:
        for each in plain:
            each()
        gpu_device.synchronize(torch.device(given.device))

    contenders = {"ours": request, "eager": eager} | ({"stock": stock} if stock else {})
    return bench.alternate(contenders, seconds=given.sizes.case_seconds, most=given.sizes.repeats)


def _rounded(plain: list[gpu_networks.Pass], device: torch.device, repeats: int) -> float:
    """Seconds of eager f32 with TF32 allowed, as TensorFlow does on Ampere and newer."""
    gpu_device.tf32(True)
    try:
        return gpu_networks.alone(plain, device, repeats)
    finally:
        gpu_device.tf32(False)
