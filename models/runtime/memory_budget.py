"""How much decoded material may lie in memory at once: a small file of 50 megapixels becomes 150 MB."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MemoryBudget:
    """A budget in bytes. Who finds it spent waits; one that is larger than all of it gets in alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._changed = threading.Condition()
        self.held = 0

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Keep `size` bytes for the length of the block. Never to be nested: two holders would wait for each other."""
        with self._changed:
            self._changed.wait_for(lambda: self.held == 0 or self.held + size <= self._limit)
            self.held += size
        try:
            yield
        finally:
            with self._changed:
                self.held -= size
                self._changed.notify_all()
