"""Decoded material within bounds."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from models.runtime.memory_budget import MemoryBudget


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
