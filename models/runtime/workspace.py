"""What all requests of a process share besides the models: cores for decoding and finishing, room for what is decoded,
a folder where results stay.

More threads than cores at once would make nothing faster, and probes would wait. A small file of 50 megapixels becomes
150 MB.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.errors import Busy
from models.runtime import cpu_count
from models.runtime.outputs import Outputs

DECODED_BYTES = 512 * 2**20  # one photo of 50 megapixels at work, or two hours of sound
RETRY_SECONDS = 10.0


class Reservation:
    """Bytes of a budget that one piece of work holds."""

    def __init__(self, budget: "MemoryBudget", size: int) -> None:
        self.size = size
        self._budget = budget

    def resize(self, size: int) -> None:
        """What is needed, now that it is known: the rest is free for others, and more is taken without waiting."""
        self._budget.release(self.size - size)
        self.size = size


class MemoryBudget:
    """A budget in bytes. Who finds it spent waits; one that is larger than all of it gets in alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._changed = threading.Condition()
        self.held = 0

    @contextmanager
    def hold(self, size: int, *, patience: float | None = None) -> Iterator[Reservation]:
        """Keep `size` bytes for the length of the block. Raises Busy when they are not free within `patience` seconds.
        Never to be nested: two holders would wait for each other."""
        with self._changed:
            free = self._changed.wait_for(lambda: self.held == 0 or self.held + size <= self._limit, patience)
            if not free:
                text = "Large files of others fill the server's memory; try again in a moment."
                raise Busy(text, reason="memory_full", retry_after=RETRY_SECONDS)
            self.held += size
        reservation = Reservation(self, size)
        try:
            yield reservation
        finally:
            self.release(reservation.size)

    def release(self, size: int) -> None:
        with self._changed:
            self.held -= size
            self._changed.notify_all()


class Workspace:
    """One for the process, held by every resident."""

    def __init__(self, *, decoded_bytes: int = DECODED_BYTES) -> None:
        cores = cpu_count.usable()
        self.memory = MemoryBudget(decoded_bytes)
        self.decoding = threading.Semaphore(max(1, cores // 2))
        self.finishing = threading.Semaphore(cores)
        self.outputs: Outputs | None = None
        self.cartoon: Any = None  # the resident whose detector checks where heads are, once it is warm
