"""A network whose inputs are all of one shape, as a CUDA graph: its hundreds of small kernels are launched as one."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch

from models.engines.torch.batches import Forward, Tensors

WARM_PASSES = 3  # before a recording: libraries choose their kernels and take their memory

log = logging.getLogger(__name__)


class Recording:
    """One input of `forward`, recorded; replayed with other values of that shape. Raises RuntimeError where it cannot
    be recorded: a step that waits for the host, no memory."""

    def __init__(self, forward: Forward, given: Tensors) -> None:
        self._given = tuple(tensor.clone() for tensor in given)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(given[0].device):
            beside, here = torch.cuda.Stream(), torch.cuda.current_stream()  # type: ignore[no-untyped-call]
            beside.wait_stream(here)
            with torch.cuda.stream(beside):
                for _ in range(WARM_PASSES):
                    forward([self._given])
            here.wait_stream(beside)
            # Other threads copy, and take memory, meanwhile. What cannot be recorded would leave this one in its own
            # stream.
            with torch.cuda.stream(here), torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
                (self._made,) = forward([self._given])

    def __call__(self, given: Tensors) -> Tensors:
        for held, tensor in zip(self._given, given, strict=True):
            held.copy_(tensor)
        self._graph.replay()
        return tuple(tensor.clone() for tensor in self._made)  # the next replay writes over them


class Replayed:
    """`forward`, the first shape of which is recorded when it first comes, at the warm-up; batches, other shapes and
    what cannot be recorded go as they are."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._recording: Recording | None = None
        self._shapes: list[torch.Size] | None = None

    def __call__(self, several: Sequence[Tensors]) -> list[Tensors]:
        shapes = [tensor.shape for tensor in several[0]]
        if self._shapes is None and len(several) == 1:
            self._shapes, self._recording = shapes, self._recorded(several[0])
        if self._recording is None or len(several) > 1 or shapes != self._shapes:
            return self._forward(several)
        return [self._recording(several[0])]

    def _recorded(self, given: Tensors) -> Recording | None:
        try:
            return Recording(self._forward, given)
        except RuntimeError as error:
            log.warning("A network runs without a CUDA graph: %s", str(error).strip().splitlines()[0])
            return None
