import threading
import time

import pytest

from models.errors import Busy, NotReady
from models.runtime.fair_queue import Gate, Line, Waiter


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


def test_one_address_cannot_fill_the_line_however_many_sessions_it_opens() -> None:
    gate = Gate(running=1, waiting=4, share_percent=50)
    with gate.enter("crowd s0"):
        threads = [threading.Thread(target=stay, args=(gate, f"crowd s{number}")) for number in (1, 2)]
        for thread in threads:
            thread.start()
        wait_until(lambda: gate.waiting == 2)
        with pytest.raises(Busy) as refused, gate.enter("crowd s3"):
            pass
        threads.append(threading.Thread(target=stay, args=(gate, "other")))
        threads[-1].start()
        wait_until(lambda: gate.waiting == 3)
    for thread in threads:
        thread.join()
    assert refused.value.reason == "share_full"


def stay(gate: Gate, visitor: str) -> None:
    with gate.enter(visitor):
        pass


def test_background_work_waits_for_everybody_and_takes_no_place() -> None:
    gate, order = Gate(running=1, waiting=1), []

    def work(visitor: str, background: bool) -> None:
        with gate.enter(visitor, background=background):
            order.append(visitor)

    with gate.enter():
        threads = [threading.Thread(target=work, args=("job", True)) for _ in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(gate.line.waiting) == 3)
        assert gate.waiting == 0
        threads.append(threading.Thread(target=work, args=("click", False)))
        threads[-1].start()
        wait_until(lambda: gate.waiting == 1)
    for thread in threads:
        thread.join()
    assert order == ["click", "job", "job", "job"]


def test_long_work_steps_aside_for_a_click() -> None:
    gate, order = Gate(running=1), []

    def long() -> None:
        with gate.enter("long") as ticket:
            for step in range(3):
                gate.aside(step / 3)
                order.append(step)
                if step == 0:
                    threading.Thread(target=click).start()
                    wait_until(lambda: gate.waiting == 1)
            assert ticket.aside_seconds > 0

    def click() -> None:
        with gate.enter("click"):
            order.append("click")

    long()
    assert order == [0, "click", 1, 2]
    assert gate.running == 0


def test_who_hangs_up_leaves_the_line_and_stops_between_two_steps() -> None:
    gate, waiter = Gate(running=1, waiting=1), Waiter()

    def wait_in_vain() -> None:
        with pytest.raises(NotReady), gate.enter("gone", waiter=waiter):
            raise AssertionError("nobody waits for this")

    with gate.enter("here"):
        thread = threading.Thread(target=wait_in_vain)
        thread.start()
        wait_until(lambda: gate.waiting == 1)
        waiter.gone.set()
        thread.join(5)
        assert (gate.waiting, gate.running) == (0, 1)
    left = Waiter()
    with pytest.raises(NotReady), gate.enter("leaves", waiter=left):
        left.gone.set()
        gate.aside(0.5)
    assert gate.running == 0


def test_gates_of_one_line_let_one_click_work_at_once_and_keep_one_order() -> None:
    line = Line(running=1)
    drawing, hearing, order = Gate(line=line), Gate(line=line), []

    def work(gate: Gate, visitor: str) -> None:
        with gate.enter(visitor):
            order.append(visitor)
            assert drawing.running + hearing.running == 1

    with drawing.enter("greedy"):
        threads = []
        for gate, visitor in ((drawing, "greedy"), (hearing, "greedy"), (hearing, "modest"), (drawing, "shy")):
            threads.append(threading.Thread(target=work, args=(gate, visitor)))
            threads[-1].start()
            wait_until(lambda: drawing.waiting + hearing.waiting == len(threads))
        assert (drawing.waiting, hearing.waiting) == (2, 2)
    for thread in threads:
        thread.join()
    assert order == ["modest", "shy", "greedy", "greedy"]


def test_a_click_works_beside_another_models_job_and_beside_later_steps_of_long_work() -> None:
    line = Line(running=1)
    drawing, hearing = Gate(line=line), Gate(line=line)
    with hearing.enter("job", background=True), drawing.enter("click"):
        assert (drawing.running, hearing.running) == (1, 1)
    with hearing.enter("long"):
        hearing.aside(0.5)
        with drawing.enter("click"):
            assert (drawing.running, hearing.running) == (1, 1)
    with drawing.enter("click"), hearing.enter("job", background=True):
        assert (drawing.running, hearing.running) == (1, 1)
    assert (drawing.running, hearing.running) == (0, 0)


def test_a_line_is_full_when_nobody_more_would_be_taken() -> None:
    line = Line(running=1)
    drawing, hearing = Gate(waiting=1, line=line), Gate(waiting=0, line=line)
    assert not hearing.is_full
    with drawing.enter("click"):
        assert (drawing.is_full, hearing.is_full) == (False, True)
        with pytest.raises(Busy), hearing.enter("other"):
            pass
