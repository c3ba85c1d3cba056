"""The networks inside a request, taken out of it: their passes are heard while torch makes them, and made again alone.

Only what torch runs is heard; what stays in OpenVINO on the CPU (a detector's non-maximum suppression) is part of the
request and not of its networks.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import gpu_device
from models.engines.torch import runner
from models.engines.torch.network import Network
from models.networks.emotion2vec import Emotion2Vec

WHOLE = (Network, Emotion2Vec)


@dataclass(frozen=True)
class Pass:
    """One network and the tensors it was given, on its device; `half` is what autocast made of it, None without."""

    network: nn.Module
    given: tuple[Tensor, ...]
    half: torch.dtype | None

    def __call__(self) -> tuple[Tensor, ...]:
        kind = self.given[0].device.type
        with torch.inference_mode(), torch.autocast(kind, dtype=self.half, enabled=self.half is not None):
            return self.network(*self.given)


@contextmanager
def heard() -> Iterator[list[Pass]]:
    """Every pass of a whole network inside the block."""
    passes: list[Pass] = []

    def hear(network: nn.Module, given: tuple[Any, ...]) -> None:
        if isinstance(network, WHOLE):
            kind = given[0].device.type
            half = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else None
            passes.append(Pass(network, tuple(tensor.clone() for tensor in given), half))

    hook = register_module_forward_pre_hook(hear)
    try:
        yield passes
    finally:
        hook.remove()


@contextmanager
def unrecorded() -> Iterator[None]:
    """Networks opened inside the block make every pass anew: the replays of a CUDA graph cannot be heard."""
    with mock.patch.object(runner, "Replayed", lambda forward: forward):
        yield


def of(call: Callable[[], Any]) -> list[Pass]:
    """The passes of one call."""
    with heard() as passes:
        call()
    return passes


def alone(passes: Sequence[Pass], device: torch.device, repeats: int) -> float:
    """Median seconds of the passes, one after the other, on tensors that are in place."""
    return gpu_device.median(lambda: [each() for each in passes], device, repeats)


def copies(passes: Sequence[Pass], device: torch.device, repeats: int) -> float:
    """Median seconds of bringing to the device what they are given, and back what they make."""
    given = [tensor.cpu() for each in passes for tensor in each.given]
    made = [tensor for each in passes for tensor in each()]

    def copied() -> None:
        for tensor in given:
            tensor.to(device, copy=True)
        for tensor in made:
            tensor.to("cpu", copy=True)

    return gpu_device.median(copied, device, repeats)


def gflop(passes: Sequence[Pass]) -> float:
    """Arithmetic of their convolutions and matrix products."""
    counter = FlopCounterMode(display=False)
    with counter:
        for each in passes:
            each()
    return counter.get_total_flops() / 1e9
