"""What gathers while a device is busy goes together, in the order it came; each gets its own answer, or its error."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import pytest
import torch

from models.engines.torch.batches import Batches, Stoppable, Stopped, Tensors
from models.errors import DeviceFull
from models.runtime.fair_queue import ModelQueue


class Doubling:
    """A network that doubles numbers, and stays at work until it is let go; it cannot double 13."""

    def __init__(self) -> None:
        self.seen: list[list[float]] = []
        self.may_end = threading.Event()

    def __call__(self, several: Sequence[Tensors]) -> list[Tensors]:
        self.seen.append([float(x.sum()) for (x,) in several])
        assert self.may_end.wait(10)
        if 13 in self.seen[-1]:
            raise ValueError("13 is no number")
        return [(2 * x,) for (x,) in several]


class Asking:
    """Threads that ask a device at the same time."""

    def __init__(self, network: Doubling, *, most: int = 8) -> None:
        self.batches, self.network, self.most = Batches(), network, most
        self.pool = ThreadPoolExecutor(16)

    def work(
        self, numbers: Sequence[float], *, size: int = 1, stoppable: Stoppable = lambda stop: nullcontext()
    ) -> list[Tensors]:
        several = [(torch.full((size,), number),) for number in numbers]
        return self.batches.run(self.network, several, most=self.most, stoppable=stoppable)

    def ask(
        self, *numbers: float, size: int = 1, stoppable: Stoppable = lambda stop: nullcontext()
    ) -> Future[list[Tensors]]:
        """Returns once they wait behind others, or are at work."""
        before = self.held()
        asked = self.pool.submit(self.work, numbers, size=size, stoppable=stoppable)
        while self.held() == before and not asked.done():
            time.sleep(0.001)
        return asked

    def held(self) -> int:
        return len(self.batches._waiting) + self.batches._is_busy


def answers(asked: Future[list[Tensors]]) -> list[float]:
    return [float(made.sum()) for (made,) in asked.result(timeout=10)]


@pytest.fixture
def network() -> Doubling:
    return Doubling()


def test_a_lone_input_waits_for_nobody(network: Doubling) -> None:
    asking = Asking(network)
    network.may_end.set()
    assert answers(asking.ask(3)) == [6] and network.seen == [[3]]


def test_what_gathers_goes_together_in_the_order_it_came(network: Doubling) -> None:
    asking = Asking(network, most=3)
    asked = [asking.ask(number) for number in (1, 2, 3, 4, 5)]
    network.may_end.set()
    assert [answers(each) for each in asked] == [[2], [4], [6], [8], [10]]
    assert network.seen == [[1], [2, 3, 4], [5]]


def test_other_shapes_and_other_networks_go_by_themselves(network: Doubling) -> None:
    other, asking = Doubling(), Asking(network)
    asked = [asking.ask(1), asking.ask(2), asking.ask(3, size=2), asking.ask(4)]
    asking.network = other
    asked.append(asking.ask(5))
    other.may_end.set()
    network.may_end.set()
    assert [answers(each) for each in asked] == [[2], [4], [12], [8], [10]]
    assert network.seen == [[1], [2, 4], [6]] and other.seen == [[5]]


def test_several_inputs_of_one_caller_go_together(network: Doubling) -> None:
    network.may_end.set()
    asking = Asking(network, most=2)
    assert answers(asking.ask(1, 2, 3)) == [2, 4, 6] and network.seen == [[1, 2], [3]]
    assert answers(asking.ask()) == []


def test_an_error_reaches_those_whose_inputs_were_in_the_batch_and_nobody_else(network: Doubling) -> None:
    asking = Asking(network, most=2)
    asked = [asking.ask(number) for number in (1, 2, 13, 4)]
    network.may_end.set()
    assert answers(asked[0]) == [2] and answers(asked[3]) == [8]
    for failed in asked[1:3]:
        with pytest.raises(ValueError, match="13"):
            failed.result(timeout=10)


class Cramped(Doubling):
    """Has memory for numbers that add up to 10 at most; remembers the tensors it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.tensors: weakref.WeakSet[torch.Tensor] = weakref.WeakSet()

    def __call__(self, several: Sequence[Tensors]) -> list[Tensors]:
        self.tensors.update(x for (x,) in several)
        made = super().__call__(several)
        if sum(self.seen[-1]) > 10:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return made


def test_a_batch_without_memory_is_halved_and_one_input_alone_is_refused() -> None:
    network = Cramped()
    asking = Asking(network)
    asked = [asking.ask(number) for number in (1, 4, 30, 5, 6)]
    network.may_end.set()
    assert [answers(each) for each in (*asked[:2], *asked[3:])] == [[2], [8], [10], [12]]
    with pytest.raises(DeviceFull, match="memory does not suffice"):
        asked[2].result(timeout=10)
    assert network.seen == [[1], [4, 30, 5, 6], [4, 30], [4], [30], [5, 6], [5], [6]]
    assert answers(asking.ask(7)) == [14]  # the device goes on


def test_nothing_of_a_refused_input_stays() -> None:
    network = Cramped()
    network.may_end.set()
    asking = Asking(network)
    gc.disable()  # at once, not when garbage is collected
    try:
        with pytest.raises(DeviceFull):
            asking.work([11, 2, 12])
        assert len(network.tensors) == 0
    finally:
        gc.enable()


def test_who_leaves_before_the_device_has_begun_is_left_out(network: Doubling) -> None:
    asking, stops = Asking(network), list[Callable[[], None]]()

    @contextmanager
    def stoppable(stop: Callable[[], None]) -> Iterator[None]:
        stops.append(stop)
        yield

    asked = [asking.ask(1, stoppable=stoppable), asking.ask(2, stoppable=stoppable), asking.ask(3)]
    for stop in stops:
        stop()
    with pytest.raises(Stopped):
        asked[1].result(timeout=10)
    network.may_end.set()
    assert answers(asked[0]) == [2] and answers(asked[2]) == [6]
    assert network.seen == [[1], [3]]


def test_many_threads_each_get_their_own_answers(network: Doubling) -> None:
    network.may_end.set()
    asking, numbers = Asking(network, most=4), range(100, 300)
    asked = [asking.pool.submit(asking.work, [number]) for number in numbers]
    assert [answers(each) for each in asked] == [[2 * number] for number in numbers]
    assert all(len(batch) <= 4 for batch in network.seen)


def test_what_the_queue_lets_in_at_once_meets_at_the_device(network: Doubling) -> None:
    asking, queue = Asking(network), ModelQueue(running=3)

    def click(visitor: str, number: float) -> list[Tensors]:
        with queue.enter(visitor):
            return asking.work([number])

    asked = []
    for place, (visitor, number) in enumerate([("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 5)]):
        asked.append(asking.pool.submit(click, visitor, number))
        while queue.shared.busy <= place or asking.held() < min(place + 1, 3):
            time.sleep(0.001)
    network.may_end.set()
    assert [answers(each) for each in asked] == [[2], [4], [6], [8], [10]]
    assert network.seen[0] == [1] and network.seen[1][:2] == [2, 3] and all(len(batch) <= 3 for batch in network.seen)
