"""What a device is, what it can do, how time and memory on it are told; on the CPU device by the clock and by RSS."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.memory import megabytes, peak_of

REPEATS = 10  # of what is timed alone
KINDS = {"f32": (torch.float32, False), "TF32": (torch.float32, True), "f16": (torch.float16, False)}
BF16 = {"bf16": (torch.bfloat16, False)}


def synchronize(device: torch.device) -> None:
    getattr(torch, device.type).synchronize()


def seconds(call: Callable[[], Any], device: torch.device) -> float:
    """From the first piece of work that `call` gives the device to the end of the last, as the device tells it."""
    if device.type == "cuda":
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        call()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / 1e3
    start = time.perf_counter()
    call()
    synchronize(device)
    return time.perf_counter() - start


def median(call: Callable[[], Any], device: torch.device, repeats: int = REPEATS) -> float:
    """Median seconds of a call on the device, after one untimed."""
    call()
    synchronize(device)
    return statistics.median(seconds(call, device) for _ in range(repeats))


def level_mb(device: torch.device) -> dict[str, float]:
    """MB that are taken now: of the process, and on a GPU by tensors and by torch in all."""
    found = {"RSS MB": megabytes()["RSS"]}
    if device.type == "cuda":
        found |= {"tensors MB": torch.cuda.memory_allocated(device) / 1e6}
        found |= {"reserved MB": torch.cuda.memory_reserved(device) / 1e6}
    return found


def peak_mb(call: Callable[[], Any], device: torch.device) -> float:
    """MB that a call takes at most above what was taken before: on a GPU of its memory, else of the process's."""
    if device.type != "cuda":
        return peak_of(call)
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    call()
    return (torch.cuda.max_memory_allocated(device) - before) / 1e6


def tf32(allowed: bool) -> None:
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed


def matrix_peaks(device: torch.device, side: int) -> dict[str, float]:
    """TFLOP/s of one product of two random square matrices, by number format."""
    if device.type == "cpu":
        kinds = {"f32": KINDS["f32"], **BF16}
    else:
        kinds = {**KINDS, **BF16} if device.type == "cuda" else {name: KINDS[name] for name in ("f32", "f16")}
    found = {}
    for name, (dtype, rounded) in kinds.items():
        left, right = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
        tf32(rounded)
        found[name] = 2 * side**3 / median(lambda left=left, right=right: left @ right, device) / 1e12
    tf32(False)
    return found


def copy_rates(device: torch.device, megabytes: int) -> dict[str, str]:
    """GB/s from the machine's memory to the device's and back, as arrays lie and page-locked."""
    array = torch.ones(megabytes * 250_000)
    there = array.to(device)
    ways = {"to the device": lambda: array.to(device, copy=True), "back": lambda: there.to("cpu", copy=True)}
    if device.type == "cuda":
        locked = array.pin_memory()
        ways |= {
            "to the device, page-locked": lambda: there.copy_(locked, non_blocking=True),
            "back, page-locked": lambda: locked.copy_(there, non_blocking=True),
        }
    return {f"{way} GB/s": f"{array.nbytes / median(call, device) / 1e9:.1f}" for way, call in ways.items()}


def described(device: torch.device) -> dict[str, str]:
    """The device in words."""
    found = {"device": str(device), "torch": torch.__version__}
    if device.type != "cuda":
        return found
    facts = torch.cuda.get_device_properties(device)
    return found | {
        "name": facts.name,
        "memory GB": f"{facts.total_memory / 1e9:.1f}",
        "multiprocessors": str(facts.multi_processor_count),
        "compute capability": f"{facts.major}.{facts.minor}",
        "CUDA of torch": str(torch.version.cuda),
        "cuDNN": str(torch.backends.cudnn.version()),
    }
