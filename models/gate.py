"""The bound on concurrent work: so many running, so many in line, the visitor served longest ago first."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from models.errors import Busy

SECONDS_PER_PLACE = 1.0  # what one place in a full line is taken to cost, for Retry-After


@dataclass(eq=False)
class Ticket:
    visitor: str
    called: bool = False


class Gate:
    """Lets `running` threads work at once and `waiting` more stand in line; further ones get `Busy` at once.

    A visitor with many jobs in line cannot starve the others: whoever was served longest ago is next.
    """

    def __init__(self, *, running: int = 1, waiting: int = 64) -> None:
        self.running_limit = running
        self.waiting_limit = waiting
        self._changed = threading.Condition()
        self._running = 0
        self._line: list[Ticket] = []
        self._served: deque[str] = deque(maxlen=256)

    @property
    def waiting(self) -> int:
        return len(self._line)

    @property
    def running(self) -> int:
        return self._running

    @contextmanager
    def enter(self, visitor: str = "") -> Iterator[None]:
        """Hold a place for the length of the `with` block. Raises Busy when the line is full."""
        self._wait(Ticket(visitor))
        try:
            yield
        finally:
            self._leave()

    def _wait(self, ticket: Ticket) -> None:
        with self._changed:
            if len(self._line) >= self.waiting_limit:
                raise Busy(
                    f"{len(self._line)} jobs are waiting already; try again in a moment.",
                    reason="queue_full",
                    waiting=len(self._line),
                    retry_after=max(1, round(len(self._line) * SECONDS_PER_PLACE)),
                )
            self._line.append(ticket)
            self._call_next()
            self._changed.wait_for(lambda: ticket.called)

    def _leave(self) -> None:
        with self._changed:
            self._running -= 1
            self._call_next()

    def _call_next(self) -> None:
        while self._line and self._running < self.running_limit:
            ticket = min(self._line, key=lambda waiting: self._last_served(waiting.visitor))
            self._line.remove(ticket)
            self._served.append(ticket.visitor)
            self._running += 1
            ticket.called = True
        self._changed.notify_all()

    def _last_served(self, visitor: str) -> int:
        """Place of the visitor's latest turn in the short memory of turns; -1 when there is none."""
        return max((turn for turn, name in enumerate(self._served) if name == visitor), default=-1)
