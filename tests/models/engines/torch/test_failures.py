"""A GPU without memory, and one that is lost, told by fakes of what torch does on one: none is needed."""

import gc
import weakref
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from models.engines import device_memory
from models.engines.torch.failures import halved, run_on
from models.errors import DeviceFull, DeviceLost

LAUNCH = "CUDA error: unspecified launch failure"


class Card:
    """Has memory for so many numbers at once; remembers the batches it was given and the tensors it has made."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.batches: list[int] = []
        self.tensors: weakref.WeakSet[torch.Tensor] = weakref.WeakSet()

    def double(self, batch: Sequence[int]) -> list[int]:
        self.batches.append(len(batch))
        taken = torch.tensor(batch)
        self.tensors.add(taken)
        if sum(batch) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return [int(each) for each in taken * 2]


def test_a_batch_that_is_too_large_is_halved_until_it_fits() -> None:
    card = Card(room=2)
    assert halved(card.double, [1] * 7, "cpu") == [2] * 7
    assert card.batches == [7, 3, 1, 2, 4, 2, 2]


def test_what_is_too_large_alone_fails_alone() -> None:
    card = Card(room=4)
    first, second, large, last = halved(card.double, [1, 2, 9, 4], "cpu")
    assert (first, second, last) == (2, 4, 8)
    assert isinstance(large, DeviceFull) and large.reason == "device_full"
    assert str(large).count(".") == 1


def test_nothing_is_left_of_a_pass_that_failed() -> None:
    """At once, not when the next garbage is collected: the halves need its room."""
    card = Card(room=0)
    gc.disable()
    try:
        found = halved(card.double, [1, 1], "cpu")
        assert len(found) == 2 and len(card.tensors) == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("text", ["MPS backend out of memory (MPS allocated: 1 GB)", "CUBLAS_STATUS_ALLOC_FAILED"])
def test_others_tell_in_words_that_there_is_no_memory(text: str) -> None:
    with pytest.raises(DeviceFull):
        run_on("cpu", lambda: fail(text))


def test_a_device_that_tells_nothing_of_itself_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: fail(LAUNCH))
    with pytest.raises(DeviceLost) as lost:
        run_on("cuda:1", lambda: fail(LAUNCH))
    assert lost.value.__context__ is None
    assert [type(each) for each in halved(lambda batch: fail(LAUNCH), [1, 2], "cuda:1")] == [DeviceLost] * 2


def test_a_mistake_of_ours_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_memory, "is_lost", lambda device: False)
    with pytest.raises(RuntimeError, match="shapes"):
        run_on("cuda", lambda: fail("the shapes differ"))


def fail(text: str) -> Any:
    raise RuntimeError(text)
