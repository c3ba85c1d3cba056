import threading
import time

import pytest

from models.runtime import at_once
from models.runtime.fair_queue import FairQueue, ModelQueue


@pytest.mark.parametrize(("engine", "device"), [("openvino", "cpu"), ("reference", "cpu"), ("torch", "cpu")])
def test_on_a_cpu_as_many_requests_as_passes(engine: str, device: str) -> None:
    for threads in (2, 16, 64):
        assert at_once.clicks(engine, device, threads) == at_once.streams(engine, device, threads)
    assert at_once.streams(engine, device, 16) == (2 if engine == "openvino" else 1)


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "mps"])
def test_a_gpu_takes_several_requests_whatever_the_cpu(device: str) -> None:
    assert {at_once.clicks("torch", device, threads) for threads in (2, 16, 64)} == {at_once.GPU_CLICKS}
    assert at_once.workers(None) == at_once.workers("cpu") < at_once.workers(device) < at_once.GPU_CLICKS
    assert at_once.files(None) == at_once.files("cpu") == 1 < at_once.files(device) < at_once.GPU_CLICKS


def test_where_several_work_at_once_turns_stay_fair_over_all_models() -> None:
    shared, order, inside = FairQueue(running=4), list[str](), threading.Semaphore(0)
    cartoon, matting = ModelQueue(running=4, shared=shared), ModelQueue(running=4, shared=shared)
    may_end = threading.Semaphore(0)

    def work(queue: ModelQueue, visitor: str) -> None:
        with queue.enter(visitor):
            order.append(visitor)
            inside.release()
            may_end.acquire()

    asked = [(cartoon, "greedy")] * 6 + [(matting, "modest")]
    threads = [threading.Thread(target=work, args=each) for each in asked]
    for place, thread in enumerate(threads, start=1):
        thread.start()
        while shared.busy < place:
            time.sleep(0.001)
    for _ in range(4):
        inside.acquire()
    assert order == ["greedy"] * 4 and (cartoon.waiting, matting.waiting) == (2, 1)
    may_end.release()
    inside.acquire()
    assert order[4:] == ["modest"] and cartoon.running + matting.running == 4
    may_end.release(len(threads))
    for thread in threads:
        thread.join()
