"""A single click over REST while a visitor with much work is served: how many model passes does it wait?"""

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks import bench, inputs
from benchmarks.doors import Clients, Rest, checked, encoded, field_of, files

SECONDS, QUICK_SECONDS = 4.0, 1.5
RECORDING_SECONDS = 600
WINDOW_SECONDS = 20  # what one pass hears of a long recording
BATCH_FILES = 60
PAUSE_S = 0.15  # between clicks, so that they fall anywhere into a pass
SETTLED_S = 0.5
BUSY_VISITOR = 100  # as a client


def measure(address: str, tasks: Sequence[str], *, seconds: float) -> list[dict[str, Any]]:
    """Clicks of every task alone, then beside eight requests of one visitor, a batch and a long recording."""
    rest, clients = Rest(address), Clients(address)
    alone = {task: statistics.median(clicks(rest, task, seconds / 2)) for task in tasks}
    rows = []
    for task in tasks:
        with eight_at_once(rest, task):
            rows.append(row(task, f"8 requests for {task}", clicks(rest, task, seconds), alone[task], alone[task]))
        with job(clients, task, [files()[task]] * BATCH_FILES):
            rows.append(row(task, f"a batch for {task}", clicks(rest, task, seconds), alone[task], alone[task]))
    if "emotion" in tasks:
        window = statistics.median(clicks(Windows(address), "emotion", seconds / 2))
        with job(clients, "emotion", [encoded("emotion", inputs.clip(RECORDING_SECONDS))]):
            for task in tasks:
                rows.append(row(task, "a recording of 10 min", clicks(rest, task, seconds), alone[task], window))
    return rows


class Windows(Rest):
    """REST, asked for one window of a long recording."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._files["emotion"] = encoded("emotion", inputs.clip(WINDOW_SECONDS))


def clicks(rest: Rest, task: str, seconds: float) -> list[float]:
    """Seconds of each of one visitor's clicks, one after the other."""
    found, end = [], time.perf_counter() + seconds
    while len(found) < 2 or time.perf_counter() < end:
        time.sleep(PAUSE_S)
        found.append(bench.timed(lambda: rest(task, 0)))
    return found


@contextmanager
def eight_at_once(rest: Rest, task: str) -> Iterator[None]:
    """One visitor with eight requests waiting for as long as the block runs."""
    over = threading.Event()

    def ask_again() -> None:
        while not over.is_set():
            rest(task, BUSY_VISITOR)

    threads = [threading.Thread(target=ask_again) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(SETTLED_S)
    yield
    over.set()
    for thread in threads:
        thread.join()


@contextmanager
def job(clients: Clients, task: str, sent: Sequence[bytes]) -> Iterator[None]:
    """One visitor's job under way while the block runs, given up at its end."""
    parts = [(field_of(task), (str(number), data)) for number, data in enumerate(sent)]
    taken = checked(clients[BUSY_VISITOR].post(f"/api/v1/jobs/{task}", files=parts)).json()["id"]
    time.sleep(SETTLED_S)
    yield
    checked(clients[BUSY_VISITOR].delete(f"/api/v1/jobs/{taken}"))
    time.sleep(SETTLED_S)  # for the pass under way


def row(task: str, other: str, waits: list[float], alone: float, its_pass: float) -> dict[str, Any]:
    """`its_pass` is how long one pass of the other work takes, in seconds."""
    middle, worst = statistics.median(waits), max(waits)
    return {
        "a click for": task,
        "beside": other,
        "clicks": len(waits),
        "alone ms": bench.ms(alone),
        "median ms": bench.ms(middle),
        "worst ms": bench.ms(worst),
        "median in own service times": f"{middle / alone:.2f}",
        "a pass of the other ms": bench.ms(its_pass),
        "worst wait in such passes": f"{(worst - alone) / its_pass:.2f}",
    }
