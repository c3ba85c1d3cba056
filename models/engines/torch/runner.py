"""One network on one device: arrays in, arrays out, together with whoever else asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from models.engines import Compute, device_memory
from models.engines.torch.batches import Batches, Forward, Tensors
from models.engines.torch.failures import run_on
from models.engines.torch.replays import Replayed
from models.engines.torch.transfers import Transfers


class Runner:
    """Threads may call `run` at once. A batch holds at most `values` numbers of input; `fixed` says that inputs are of
    one shape alone."""

    def __init__(self, forward: Forward, *, compute: Compute, values: int, fixed: bool = False) -> None:
        self._device = torch.device(compute.device)
        self._forward = Replayed(forward) if fixed and self._device.type == "cuda" else forward
        self._values, self._stoppable = values, compute.stoppable
        self._batches = compute.sessions.get(("batches", compute.device), Batches)
        self._transfers = compute.sessions.get(("transfers", compute.device), partial(Transfers, self._device))

    def together(self, values: int) -> int:
        """How many inputs of so many numbers go as one batch."""
        return max(1, self._values // max(1, values))

    def run(self, several: Sequence[Sequence[np.ndarray]]) -> list[list[np.ndarray]]:
        """What the network makes of each, in order; those of one shape go together."""
        device = str(self._device)
        given = run_on(device, lambda: [tuple(map(self._transfers.there, arrays)) for arrays in several])
        sizes = (sum(tensor.numel() for tensor in tensors) for tensors in given)
        most = self.together(max(sizes, default=0))
        made = self._batches.run(self._forward, given, most=most, stoppable=self._stoppable)
        return run_on(device, lambda: [list(map(self._transfers.back, tensors)) for tensors in made])

    def release_memory(self) -> None:
        """Give back what the last batch took on a GPU."""
        device_memory.give_back(str(self._device))


def side_by_side(module: nn.Module) -> Forward:
    """Inputs on an axis of their own, which the module does not see."""

    def forward(several: Sequence[Tensors]) -> list[Tensors]:
        if len(several) == 1:
            return [module(*several[0])]
        stacked = (torch.stack(tensors) for tensors in zip(*several, strict=True))
        return _apart(torch.func.vmap(lambda *given: module(*given))(*stacked), len(several))

    return forward


def end_to_end(module: nn.Module, half: torch.dtype | None, device: torch.device) -> Forward:
    """Inputs [1,…] on the first axis, as the module takes them. In half precision under torch's autocast, which leaves
    norms and softmax in f32."""

    def forward(several: Sequence[Tensors]) -> list[Tensors]:
        joined = (torch.cat(tensors) for tensors in zip(*several, strict=True))
        with torch.autocast(device.type, dtype=half or torch.float16, enabled=half is not None):
            made = [tensor.float() for tensor in module(*joined)]
        return _apart([tensor[:, None] for tensor in made], len(several))

    return forward


def _apart(made: Sequence[Tensor], count: int) -> list[Tensors]:
    return [tuple(tensor[k] for tensor in made) for k in range(count)]
