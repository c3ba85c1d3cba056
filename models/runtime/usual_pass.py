"""First answers as fast as later ones: each model that gets ready runs an input of usual size once, while nobody waits.

A network of dynamic shapes takes its layers' memory page by page for its first large input, which made a first answer
up to 1.4 times as long as those after it. A model that is not its family's default takes it only where much is free:
all ten together have 2.4 GB of it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from models.catalog import Family
from models.runtime.fair_queue import FairQueue
from models.runtime.process_memory import free_share, resident_memory_mb
from models.runtime.resident import Resident, Slot
from models.runtime.waiter import Waiter

QUIET_SECONDS = 1.0  # nobody asked and nothing was loaded for so long
LOOK_SECONDS = 0.1
ARRIVAL_SECONDS = 0.01
FREE_SHARE = 0.5  # of the memory that the process may have; models other than the defaults keep theirs beyond that

log = logging.getLogger(__name__)

Run = Callable[[Family, Any], object]


class UsualPasses:
    """The passes still to be made. `run` makes one with a pipeline; whoever comes meanwhile ends it, and it is made
    again later, unless the model has answered by then."""

    def __init__(self, residents: Mapping[Family, Resident[Any]], run: Run) -> None:
        self._residents, self._run = residents, run
        self._waiting: deque[tuple[Slot[Any], Any]] = deque()
        self._has_begun = False
        self._more = threading.Semaphore(0)

    def begin(self) -> None:
        """From now on, in a thread of its own."""
        self._has_begun = True
        threading.Thread(target=self._work, daemon=True, name="usual-pass").start()

    def add(self, slot: Slot[Any], pipeline: Any) -> None:
        """A model that will be ready in a moment. Nothing where they have not begun."""
        if self._has_begun:
            self._waiting.append((slot, pipeline))
            self._more.release()

    def _work(self) -> None:
        while self._more.acquire():
            slot, pipeline = self._waiting.popleft()
            resident = self._residents[slot.model.family]
            self._await_quiet(resident.queue.shared)
            if _is_due(slot) and not self._passed(resident, slot, pipeline):
                self.add(slot, pipeline)

    def _await_quiet(self, shared: FairQueue) -> None:
        since = time.monotonic()
        while time.monotonic() - since < QUIET_SECONDS:
            time.sleep(LOOK_SECONDS)
            if shared.busy or self._is_loading():
                since = time.monotonic()

    def _is_loading(self) -> bool:
        slots = [slot for resident in self._residents.values() for slot in resident.slots.values()]
        return any(slot.status.state in ("loading", "warming") for slot in slots)

    def _passed(self, resident: Resident[Any], slot: Slot[Any], pipeline: Any) -> bool:
        """False where somebody came meanwhile."""
        waiter, over = Waiter(), threading.Event()
        watcher = threading.Thread(target=_leave_for_others, args=(resident.queue.shared, waiter, over), daemon=True)
        started, before = time.perf_counter(), resident_memory_mb()
        try:
            with resident.using(slot, pipeline, background=True, waiter=waiter):
                watcher.start()
                self._run(slot.model.family, pipeline)
        except Exception:  # the edge of a thread: it was stopped; or it failed, and a visitor's answer will tell why
            if not waiter.gone.is_set():
                log.warning("%s: a pass of usual size failed", slot.model.key, exc_info=True)
            return not waiter.gone.is_set()
        finally:
            over.set()
        seconds, grown = time.perf_counter() - started, resident_memory_mb() - before
        slot.report(memory_mb=round((slot.status.memory_mb or 0) + grown, 1))
        log.info("%s: a pass of usual size took %.2f s, and %.0f MB to keep", slot.model.key, seconds, grown)
        return True


def _is_due(slot: Slot[Any]) -> bool:
    needless = not slot.is_ready or slot.status.served > 0
    return not needless and (slot.model.is_default or free_share() > FREE_SHARE)


def _leave_for_others(shared: FairQueue, waiter: Waiter, over: threading.Event) -> None:
    """Ends the pass of `waiter`, the only one so far, as soon as somebody else comes."""
    while not over.wait(ARRIVAL_SECONDS):
        if shared.busy > 1:
            waiter.leave()
