"""What is told of a GPU's memory and how it is bounded, on a card that is a table: torch's own functions are faked."""

from typing import Any

import pytest
import torch

from models.engines import device_memory
from models.engines.device_memory import DeviceMemory

GB = 10**9


class FakeCard:
    """A second card of 24 GB: 6 are used by this process, 2 more kept, 4 taken by another."""

    def __init__(self) -> None:
        self.fraction = 1.0

    def mem_get_info(self, index: int) -> tuple[int, int]:
        assert index == 1
        return 12 * GB, 24 * GB

    def memory_stats(self, index: int) -> dict[str, int]:
        allocated = {"allocated_bytes.all.current": 6 * GB, "allocated_bytes.all.peak": 7 * GB}
        return {**allocated, "reserved_bytes.all.current": 8 * GB, "num_ooms": 3}

    def get_per_process_memory_fraction(self, index: int) -> float:
        return self.fraction

    def set_per_process_memory_fraction(self, fraction: float, index: int) -> None:
        self.fraction = fraction


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> FakeCard:
    made = FakeCard()
    for name in ("mem_get_info", "memory_stats", "get_per_process_memory_fraction", "set_per_process_memory_fraction"):
        assert hasattr(torch.cuda, name)
        monkeypatch.setattr(torch.cuda, name, getattr(made, name))
    return made


def test_all_of_it_is_told_in_bytes(card: FakeCard) -> None:
    told = device_memory.of("cuda:1")
    assert told == DeviceMemory(6 * GB, 7 * GB, 8 * GB, limit=24 * GB, free=12 * GB, total=24 * GB, refused=3)
    assert device_memory.grown_mb("cuda:1", 5000) == 1000


@pytest.mark.parametrize(("megabytes", "limit"), [(6000, 6 * GB), (0, 24 * GB), (90_000, 24 * GB)])
def test_the_bound_is_a_part_of_the_card(megabytes: int, limit: int, card: FakeCard) -> None:
    device_memory.bound("cuda:1", megabytes)
    told = device_memory.of("cuda:1")
    assert told and told.limit == limit


def test_a_card_that_is_lost_is_no_error(card: FakeCard, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: Any) -> None:
        raise RuntimeError("CUDA error: unspecified launch failure")

    monkeypatch.setattr(torch.cuda, "mem_get_info", lost)
    monkeypatch.setattr(torch.cuda, "empty_cache", lost)
    assert device_memory.of("cuda:1") is None and device_memory.used_mb("cuda:1") == 0
    device_memory.give_back("cuda:1")


def test_a_cpu_has_none_of_its_own() -> None:
    device_memory.bound("cpu", 1000)
    assert device_memory.of("cpu") is None and device_memory.grown_mb("cpu", 0) is None


def test_torch_has_what_is_asked_of_macs() -> None:
    for name in (
        "current_allocated_memory",
        "driver_allocated_memory",
        "empty_cache",
        "recommended_max_memory",
        "set_per_process_memory_fraction",
        "synchronize",
    ):
        assert callable(getattr(torch.mps, name))
