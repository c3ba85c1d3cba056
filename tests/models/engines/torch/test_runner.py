"""Arrays in, arrays out; what a device has no memory for is refused, and leaves nothing behind."""

import gc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from models.engines import Compute
from models.engines.torch.batches import Tensors
from models.engines.torch.runner import Runner, end_to_end, side_by_side
from models.engines.torch.transfers import Transfers
from models.errors import DeviceFull

COMPUTE = Compute("f32", 1, Path("."), engine="torch")
NO_MEMORY = "CUDA out of memory. Tried to allocate 2.00 GiB."


def ones(*shape: int) -> list[np.ndarray]:
    return [np.ones(shape, np.float32)]


class Doubled(nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return (2 * x,)


def test_inputs_of_any_shape_are_answered_in_order() -> None:
    runner = Runner(end_to_end(Doubled(), None, torch.device("cpu")), compute=COMPUTE, values=12)
    assert [runner.together(size) for size in (0, 3, 5, 100)] == [12, 4, 2, 1]
    made = runner.run([ones(1, 2), ones(1, 3), ones(1, 2)])
    assert [(each.shape, each.max()) for (each,) in made] == [((1, 2), 2), ((1, 3), 2), ((1, 2), 2)]


def cramped(several: Sequence[Tensors]) -> list[Tensors]:
    """A network on a device that has memory for one small input."""
    made = side_by_side(Doubled())(several)
    if len(several) > 1 or several[0][0].numel() > 4:
        raise torch.OutOfMemoryError(NO_MEMORY)
    return made


def test_passes_leave_nothing_behind_refused_ones_neither() -> None:
    runner = Runner(cramped, compute=COMPUTE, values=100)
    before = tensors()
    for _ in range(3):
        assert [each.max() for (each,) in runner.run([ones(2)] * 3)] == [2, 2, 2]
        with pytest.raises(DeviceFull):
            runner.run([ones(2), ones(8)])
        assert tensors() == before


def tensors() -> int:
    gc.collect()
    return sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_copy_that_finds_no_memory_is_refused_alike(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Transfers, copied: object) -> None:
        raise torch.OutOfMemoryError(NO_MEMORY)

    runner = Runner(cramped, compute=COMPUTE, values=100)
    monkeypatch.setattr(Transfers, way, full)
    with pytest.raises(DeviceFull):
        runner.run([ones(2)])
