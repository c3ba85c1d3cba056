import threading
import time

import pytest

from models.errors import Busy
from models.gate import Gate


def wait_until(condition) -> None:  # type: ignore[no-untyped-def]
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited five seconds in vain")


def test_never_more_than_the_limit_run_at_once() -> None:
    gate, running, most = Gate(running=2), [], []

    def work() -> None:
        with gate.enter():
            running.append(1)
            most.append(len(running))
            time.sleep(0.01)
            running.pop()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 20
    assert max(most) <= 2


def test_a_full_line_refuses_at_once_with_a_time_to_come_back() -> None:
    gate = Gate(running=1, waiting=1)
    with gate.enter():
        waiter = threading.Thread(target=lambda: gate.enter().__enter__())
        waiter.start()
        wait_until(lambda: gate.waiting == 1)
        with pytest.raises(Busy) as refused, gate.enter():
            pass
    waiter.join()
    assert refused.value.retry_after >= 1


def test_a_visitor_with_many_jobs_does_not_starve_another() -> None:
    gate, order = Gate(running=1), []

    def work(visitor: str) -> None:
        with gate.enter(visitor):
            order.append(visitor)

    with gate.enter("greedy"):
        threads = []
        for place, visitor in enumerate(["greedy", "greedy", "greedy", "modest"], start=1):
            threads.append(threading.Thread(target=work, args=(visitor,)))
            threads[-1].start()
            wait_until(lambda place=place: gate.waiting == place)
    for thread in threads:
        thread.join()
    assert order == ["modest", "greedy", "greedy", "greedy"]


def test_an_error_inside_gives_the_place_back() -> None:
    gate = Gate(running=1)
    with pytest.raises(ZeroDivisionError), gate.enter():
        _ = 1 / 0
    with gate.enter():
        assert gate.running == 1
