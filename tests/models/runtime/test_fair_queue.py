import threading
import time

import pytest

from models.errors import Busy, NotReady
from models.runtime.fair_queue import FairQueue, ModelQueue
from models.runtime.waiter import Waiter


def wait_until(condition) -> None:  # type: ignore[no-untyped-def]
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited five seconds in vain")


def test_never_more_than_the_limit_run_at_once() -> None:
    queue, running, most = ModelQueue(running=2), [], []

    def work() -> None:
        with queue.enter():
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
    queue = ModelQueue(running=1, waiting=1)
    with queue.enter():
        waiter = threading.Thread(target=lambda: queue.enter().__enter__())
        waiter.start()
        wait_until(lambda: queue.waiting == 1)
        with pytest.raises(Busy) as refused, queue.enter():
            pass
    waiter.join()
    assert refused.value.retry_after >= 1


def test_a_visitor_with_many_jobs_does_not_starve_another() -> None:
    queue, order = ModelQueue(running=1), []

    def work(visitor: str) -> None:
        with queue.enter(visitor):
            order.append(visitor)

    with queue.enter("greedy"):
        threads = []
        for place, visitor in enumerate(["greedy", "greedy", "greedy", "modest"], start=1):
            threads.append(threading.Thread(target=work, args=(visitor,)))
            threads[-1].start()
            wait_until(lambda place=place: queue.waiting == place)
    for thread in threads:
        thread.join()
    assert order == ["modest", "greedy", "greedy", "greedy"]


def test_an_error_inside_gives_the_place_back() -> None:
    queue = ModelQueue(running=1)
    with pytest.raises(ZeroDivisionError), queue.enter():
        _ = 1 / 0
    with queue.enter():
        assert queue.running == 1


def test_one_address_cannot_fill_the_line_however_many_sessions_it_opens() -> None:
    queue = ModelQueue(running=1, waiting=4, share_percent=50)
    with queue.enter("crowd s0"):
        threads = [threading.Thread(target=stay, args=(queue, f"crowd s{number}")) for number in (1, 2)]
        for thread in threads:
            thread.start()
        wait_until(lambda: queue.waiting == 2)
        with pytest.raises(Busy) as refused, queue.enter("crowd s3"):
            pass
        threads.append(threading.Thread(target=stay, args=(queue, "other")))
        threads[-1].start()
        wait_until(lambda: queue.waiting == 3)
    for thread in threads:
        thread.join()
    assert refused.value.reason == "share_full"


def stay(queue: ModelQueue, visitor: str) -> None:
    with queue.enter(visitor):
        pass


def test_background_work_waits_for_everybody_and_takes_no_place() -> None:
    queue, order = ModelQueue(running=1, waiting=1), []

    def work(visitor: str, background: bool) -> None:
        with queue.enter(visitor, background=background):
            order.append(visitor)

    with queue.enter():
        threads = [threading.Thread(target=work, args=("job", True)) for _ in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(queue.shared.waiting) == 3)
        assert queue.waiting == 0
        threads.append(threading.Thread(target=work, args=("click", False)))
        threads[-1].start()
        wait_until(lambda: queue.waiting == 1)
    for thread in threads:
        thread.join()
    assert order == ["click", "job", "job", "job"]


def test_long_work_steps_aside_for_a_click() -> None:
    queue, order = ModelQueue(running=1), []

    def long() -> None:
        with queue.enter("long") as ticket:
            for step in range(3):
                queue.aside(step / 3)
                order.append(step)
                if step == 0:
                    threading.Thread(target=click).start()
                    wait_until(lambda: queue.waiting == 1)
            assert ticket.aside_seconds > 0

    def click() -> None:
        with queue.enter("click"):
            order.append("click")

    long()
    assert order == [0, "click", 1, 2]
    assert queue.running == 0


def test_who_hangs_up_leaves_the_line_and_stops_between_two_steps() -> None:
    queue, waiter = ModelQueue(running=1, waiting=1), Waiter()

    def wait_in_vain() -> None:
        with pytest.raises(NotReady), queue.enter("gone", waiter=waiter):
            raise AssertionError("nobody waits for this")

    with queue.enter("here"):
        thread = threading.Thread(target=wait_in_vain)
        thread.start()
        wait_until(lambda: queue.waiting == 1)
        waiter.gone.set()
        thread.join(5)
        assert (queue.waiting, queue.running) == (0, 1)
    left = Waiter()
    with pytest.raises(NotReady), queue.enter("leaves", waiter=left):
        left.gone.set()
        queue.aside(0.5)
    assert queue.running == 0


def test_gates_of_one_line_let_one_click_work_at_once_and_keep_one_order() -> None:
    shared = FairQueue(running=1)
    cartoon, emotion, order = ModelQueue(shared=shared), ModelQueue(shared=shared), []

    def work(queue: ModelQueue, visitor: str) -> None:
        with queue.enter(visitor):
            order.append(visitor)
            assert cartoon.running + emotion.running == 1

    with cartoon.enter("greedy"):
        threads = []
        for queue, visitor in ((cartoon, "greedy"), (emotion, "greedy"), (emotion, "modest"), (cartoon, "shy")):
            threads.append(threading.Thread(target=work, args=(queue, visitor)))
            threads[-1].start()
            wait_until(lambda: cartoon.waiting + emotion.waiting == len(threads))
        assert (cartoon.waiting, emotion.waiting) == (2, 2)
    for thread in threads:
        thread.join()
    assert order == ["modest", "shy", "greedy", "greedy"]


def test_a_click_works_beside_another_models_job_and_beside_later_steps_of_long_work() -> None:
    shared = FairQueue(running=1)
    cartoon, emotion = ModelQueue(shared=shared), ModelQueue(shared=shared)
    with emotion.enter("job", background=True), cartoon.enter("click"):
        assert (cartoon.running, emotion.running) == (1, 1)
    with emotion.enter("long"):
        emotion.aside(0.5)
        with cartoon.enter("click"):
            assert (cartoon.running, emotion.running) == (1, 1)
    with cartoon.enter("click"), emotion.enter("job", background=True):
        assert (cartoon.running, emotion.running) == (1, 1)
    assert (cartoon.running, emotion.running) == (0, 0)


def test_a_line_is_full_when_nobody_more_would_be_taken() -> None:
    shared = FairQueue(running=1)
    cartoon, emotion = ModelQueue(waiting=1, shared=shared), ModelQueue(waiting=0, shared=shared)
    assert not emotion.is_full
    with cartoon.enter("click"):
        assert (cartoon.is_full, emotion.is_full) == (False, True)
        with pytest.raises(Busy), emotion.enter("other"):
            pass


def test_another_bound_of_the_shared_order_holds_at_once() -> None:
    shared, other_inside = FairQueue(running=1), threading.Event()
    cartoon, emotion = ModelQueue(shared=shared), ModelQueue(shared=shared)

    def work() -> None:
        with emotion.enter():
            other_inside.set()

    with cartoon.enter():
        waiter = threading.Thread(target=work)
        waiter.start()
        wait_until(lambda: emotion.waiting == 1)
        shared.bound(running=2)
        assert other_inside.wait(5)
    waiter.join()


def test_new_bounds_hold_at_once_and_the_rest_stay_as_they_were() -> None:
    queue, other_inside = ModelQueue(running=1, waiting=4, share_percent=50), threading.Event()

    def work() -> None:
        with queue.enter():
            other_inside.set()

    with queue.enter():
        waiter = threading.Thread(target=work)
        waiter.start()
        wait_until(lambda: queue.waiting == 1)
        queue.bound(running=2)
        assert other_inside.wait(5)
    waiter.join()
    queue.bound(waiting=10, share_percent=30)
    assert (queue.running_limit, queue.waiting_limit, queue.share) == (2, 10, 3)
    queue.bound(waiting=0)
    assert (queue.running_limit, queue.waiting_limit, queue.share_percent) == (2, 0, 30)
