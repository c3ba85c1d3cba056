"""Whoever waits for an answer, and may leave before it is there."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from models.errors import NotReady


@dataclass(eq=False)
class Waiter:
    """Whoever waits for an answer: `gone` once nobody does any more, `done` in 0..1 as far as long work tells."""

    gone: threading.Event = field(default_factory=threading.Event)
    done: float = 0.0
    _stop: Callable[[], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def leave(self) -> None:
        """Wait no more, and stop the work; to be repeated: a network that has not quite begun cannot be stopped."""
        self.gone.set()
        with self._lock:
            if self._stop:
                self._stop()

    @contextmanager
    def stopping_with(self, stop: Callable[[], None]) -> Iterator[None]:
        """Within the block, `stop` ends the work; never after it. Raises NotReady where nobody waits any more."""
        if self.gone.is_set():
            raise gone()
        self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None


def gone() -> NotReady:
    return NotReady("The client is gone.", reason="client_gone")
