"""What all requests of a process share besides the models."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import Busy
from models.runtime import cpu_count
from models.runtime.workspace import MemoryBudget, Workspace


def test_no_more_is_decoded_and_finished_at_once_than_there_are_cores() -> None:
    workspace, cores = Workspace(), cpu_count.usable()
    assert all(workspace.finishing.acquire(blocking=False) for _ in range(cores))
    assert not workspace.finishing.acquire(blocking=False)
    assert all(workspace.decoding.acquire(blocking=False) for _ in range(max(1, cores // 2)))
    assert not workspace.decoding.acquire(blocking=False)


def test_decoded_files_share_one_memory() -> None:
    memory = Workspace(decoded_bytes=100).memory
    with memory.hold(60), pytest.raises(Busy), memory.hold(60, patience=0):
        pass
    with memory.hold(60, patience=0):
        assert memory.held == 60


def test_decoded_pictures_wait_for_room_and_one_too_large_gets_in_alone() -> None:
    memory = MemoryBudget(100)
    most, lock = [0], threading.Lock()

    def work(size: int) -> None:
        with memory.hold(size):
            with lock:
                most[0] = max(most[0], memory.held)
            time.sleep(0.005)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [60, 40, 50, 99, 10, 150, 30, 70] * 3))
    assert memory.held == 0
    assert most[0] == 150
