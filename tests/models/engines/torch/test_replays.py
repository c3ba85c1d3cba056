"""What a CUDA graph replays, with a stand-in for torch's: the same kernel over the same memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest
import torch

from models.engines.torch.batches import Tensors
from models.engines.torch.replays import Replayed


class Doubling:
    """A network of one kernel, which a graph can launch again over the memory that it was recorded with."""

    def __init__(self) -> None:
        self.launched = 0

    def __call__(self, several: Sequence[Tensors]) -> list[Tensors]:
        self.launched += 1
        self.recorded = [(x, torch.empty_like(x)) for (x,) in several]
        self.kernel()
        return [(made,) for _, made in self.recorded]

    def kernel(self) -> None:
        for x, made in self.recorded:
            made.copy_(2 * x)


class FakeCuda:
    """In the place of `torch.cuda`: streams that do nothing, and a graph that launches the kernel."""

    def __init__(self, network: Doubling, wrong: str | None = None) -> None:
        self._network, self._wrong = network, wrong

    def graph(self, graph: FakeCuda, capture_error_mode: str) -> Any:
        if self._wrong:
            raise RuntimeError(self._wrong)
        return nullcontext()

    def replay(self) -> None:
        self._network.kernel()

    def wait_stream(self, other: FakeCuda) -> None:
        pass

    def CUDAGraph(self) -> FakeCuda:
        return self

    Stream = current_stream = CUDAGraph

    def device(self, device: torch.device) -> Any:
        return nullcontext()

    stream = device


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Doubling:
    network = Doubling()
    monkeypatch.setattr(torch, "cuda", FakeCuda(network))
    return network


def one(value: float, size: int = 2) -> Tensors:
    return (torch.full((size,), value),)


def test_the_first_shape_is_recorded_once_and_then_replayed(network: Doubling) -> None:
    replayed = Replayed(network)
    ((first,),), ((second,),) = replayed([one(1)]), replayed([one(2)])
    assert (first.tolist(), second.tolist()) == ([2, 2], [4, 4])
    launched = network.launched
    assert replayed([one(3)])[0][0].tolist() == [6, 6] and network.launched == launched
    assert first.tolist() == [2, 2]


def test_batches_and_other_shapes_go_as_they_are(network: Doubling) -> None:
    replayed = Replayed(network)
    assert [made.tolist() for (made,) in replayed([one(1), one(2)])] == [[2, 2], [4, 4]]
    assert replayed([one(1)])[0][0].tolist() == [2, 2]
    launched = network.launched
    assert replayed([one(1, size=3)])[0][0].tolist() == [2, 2, 2] and network.launched == launched + 1


def test_what_cannot_be_recorded_runs_without(
    network: Doubling, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(torch, "cuda", FakeCuda(network, wrong="operation not permitted\nCompile with ..."))
    replayed = Replayed(network)
    assert [replayed([one(value)])[0][0].tolist() for value in (1, 2)] == [[2, 2], [4, 4]]
    assert caplog.messages == ["A network runs without a CUDA graph: operation not permitted"]
