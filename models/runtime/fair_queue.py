"""The bound on concurrent work: so many running, so many waiting, the visitor served longest ago first."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from models.errors import Busy
from models.runtime.waiter import Waiter, gone

SECONDS_PER_PLACE = 1.0  # what one place in a full queue is taken to cost, for Retry-After
LEFT_SECONDS = 0.5  # how soon the place of a client that hung up is free again


@dataclass(eq=False)
class Ticket:
    """`visitor` is an address, or an address, a space and a session: one address may hold several sessions. `beside`
    is work that leaves the cores to others: jobs, and long work after its first step."""

    queue: "ModelQueue"
    visitor: str
    background: bool
    beside: bool
    waiter: Waiter | None = None
    turn: threading.Event = field(default_factory=threading.Event)
    aside_seconds: float = 0.0

    @property
    def address(self) -> str:
        return self.visitor.partition(" ")[0]

    @property
    def is_gone(self) -> bool:
        return self.waiter is not None and self.waiter.gone.is_set()


class FairQueue:
    """Where everybody waits who wants through one of its queues: one order of turns, `running` clicks at once in all.

    Networks of two models at once would halve each other's cores: both take as long as one after the other, and then
    some (benchmarks/README.md). Work that is `beside` is not bound: its steps are long, and a click of another model
    is done sooner beside one than after it.
    """

    def __init__(self, *, running: float = math.inf) -> None:
        self.running_limit = running
        self.lock = threading.Lock()
        self.waiting: list[Ticket] = []
        self._clicks = self._running = 0
        self._served: deque[str] = deque(maxlen=512)

    def bound(self, *, running: float) -> None:
        """Another limit from now on."""
        with self.lock:
            self.running_limit = running
            self.call_next()

    @property
    def busy(self) -> int:
        """How many run or wait, in whichever of its queues."""
        with self.lock:
            return self._running + len(self.waiting)

    def has_room(self, ticket: Ticket) -> bool:
        """The ticket could have its turn now."""
        queue = ticket.queue
        return queue.running < queue.running_limit and (ticket.beside or self._clicks < self.running_limit)

    def take(self, ticket: Ticket) -> None:
        ticket.queue.running += 1
        self._running += 1
        self._clicks += not ticket.beside

    def leave(self, ticket: Ticket) -> None:
        ticket.queue.running -= 1
        self._running -= 1
        self._clicks -= not ticket.beside

    def call_next(self) -> None:
        """Give a turn to whoever may have one, the visitor served longest ago first."""
        while ready := [ticket for ticket in self.waiting if self.has_room(ticket)]:
            turns = {name: turn for turn, name in enumerate(self._served)}
            ticket = min(ready, key=lambda waiting: _rank(waiting, turns))
            self.waiting.remove(ticket)
            self._served.extend((ticket.address, ticket.visitor))
            self.take(ticket)
            ticket.turn.set()


class ModelQueue:
    """Lets `running` threads work at once and `waiting` more wait; further ones get `Busy` at once.

    A visitor with many requests cannot starve the others: whoever was served longest ago is next, by address, then by
    session. Nor can one fill the queue: an address may hold `share_percent` of it. Background work has its turn when
    nobody else waits; it takes no place in the queue, so whoever hands it in bounds it. Queues of one `shared` order
    take turns.
    """

    def __init__(
        self, *, running: int = 1, waiting: int = 64, share_percent: int = 100, shared: FairQueue | None = None
    ) -> None:
        self.running_limit = running
        self.waiting_limit = waiting
        self.share_percent = share_percent
        self.shared = shared or FairQueue()
        self.running = 0
        self._holders: dict[int, Ticket] = {}

    def bound(
        self, *, running: int | None = None, waiting: int | None = None, share_percent: int | None = None
    ) -> None:
        """Other limits from now on, None leaving one as it is; whoever waits already stays there."""
        with self.shared.lock:
            self.running_limit = self.running_limit if running is None else running
            self.waiting_limit = self.waiting_limit if waiting is None else waiting
            self.share_percent = self.share_percent if share_percent is None else share_percent
            self.shared.call_next()

    @property
    def waiting(self) -> int:
        return sum(ticket.queue is self and not ticket.background for ticket in tuple(self.shared.waiting))

    @property
    def is_full(self) -> bool:
        """Whoever comes now is refused."""
        return self.waiting >= self.waiting_limit and not self.shared.has_room(
            Ticket(self, "", background=False, beside=False)
        )

    @property
    def share(self) -> int:
        """Places in the queue that one address may hold."""
        return math.ceil(self.waiting_limit * self.share_percent / 100)

    @contextmanager
    def enter(self, visitor: str = "", *, background: bool = False, waiter: Waiter | None = None) -> Iterator[Ticket]:
        """Hold a place for the length of the `with` block. Raises Busy when the queue, or the visitor's share of it, is
        full, and NotReady when the waiter is gone before the turn came."""
        ticket = Ticket(self, visitor, background, beside=background, waiter=waiter)
        with self.shared.lock:
            if not background and not self.shared.has_room(ticket):
                self._refuse_beyond(ticket.address)
            self.shared.waiting.append(ticket)
            self.shared.call_next()
        self._wait(ticket)
        self._holders[threading.get_ident()] = ticket
        try:
            yield ticket
        finally:
            del self._holders[threading.get_ident()]
            self._leave(ticket)

    def aside(self, done: float) -> None:
        """Between two steps of long work, `done` in 0..1: whoever waits goes first. Does nothing where the
        calling thread holds no place; raises NotReady when nobody waits for its work any more."""
        if (ticket := self._holders.get(threading.get_ident())) is None:
            return
        if ticket.is_gone:
            raise gone()
        if ticket.waiter:
            ticket.waiter.done = done
        started = time.perf_counter()
        with self.shared.lock:
            ticket.turn.clear()
            self.shared.leave(ticket)
            ticket.beside = True
            self.shared.waiting.append(ticket)
            self.shared.call_next()
        ticket.turn.wait()
        ticket.aside_seconds += time.perf_counter() - started

    def stoppable(self, stop: Callable[[], None]) -> AbstractContextManager[None]:
        """While the block runs in the calling thread, `stop` ends it when nobody waits for its work any more."""
        ticket = self._holders.get(threading.get_ident())
        return ticket.waiter.stopping_with(stop) if ticket and ticket.waiter else nullcontext()

    def _wait(self, ticket: Ticket) -> None:
        while not ticket.turn.wait(LEFT_SECONDS if ticket.waiter else None):
            if ticket.is_gone and self._left(ticket):
                raise gone()
        if ticket.is_gone:
            self._leave(ticket)
            raise gone()

    def _refuse_beyond(self, address: str) -> None:
        waiting = self.waiting
        if waiting >= self.waiting_limit:
            raise full(waiting)
        mine = [each for each in self.shared.waiting if each.queue is self and not each.background]
        own = sum(each.address == address for each in mine)
        if address and own >= self.share:
            raise share_full(own)

    def _left(self, ticket: Ticket) -> bool:
        """True when the ticket was still waiting, and is no more."""
        with self.shared.lock:
            if ticket.turn.is_set():
                return False
            self.shared.waiting.remove(ticket)
            return True

    def _leave(self, ticket: Ticket) -> None:
        with self.shared.lock:
            self.shared.leave(ticket)
            self.shared.call_next()


def full(waiting: int, pace: float = SECONDS_PER_PLACE) -> Busy:
    """The refusal when the queue is full; `pace` is what a place in it costs, in seconds."""
    return _busy(f"{waiting} requests are waiting already; try again in a moment.", "queue_full", waiting, pace)


def share_full(waiting: int, pace: float = SECONDS_PER_PLACE) -> Busy:
    """The refusal when one visitor holds a full share of the queue."""
    return _busy(
        f"{waiting} requests of yours are waiting already; let them finish first.", "share_full", waiting, pace
    )


def _busy(sentence: str, reason: str, waiting: int, pace: float) -> Busy:
    return Busy(sentence, reason=reason, waiting=waiting, retry_after=max(1, math.ceil(waiting * pace)))


def _rank(ticket: Ticket, turns: dict[str, int]) -> tuple[bool, int, int]:
    """Lowest first; `turns` is the place of each name's latest turn, absent for one not served of late."""
    return ticket.background, turns.get(ticket.address, -1), turns.get(ticket.visitor, -1)
