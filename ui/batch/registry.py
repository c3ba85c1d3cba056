"""Whose batch is whose: one for each visitor and tab, found again after a refresh."""

import threading
import time

from models.errors import Busy
from ui.batch.runner import Batch
from ui.state.result_cache import USUAL, Keeping

RUNNING_LIMIT = 16  # batches at once, each with a file in memory, or on a GPU a few

Place = tuple[str, str]


class Batches:
    """Keeps batches by visitor and tab, until they were not looked at for the retention time."""

    def __init__(self, keeping: Keeping = USUAL) -> None:
        self._keeping = keeping
        self._lock = threading.Lock()
        self._batches: dict[Place, Batch] = {}

    def get(self, owner: str, tab: str) -> Batch | None:
        """The visitor's batch, which so counts as looked at."""
        self._sweep()
        with self._lock:
            batch = self._batches.get((owner, tab))
        if batch:
            batch.used_at = time.monotonic()
        return batch

    def start(self, owner: str, tab: str, batch: Batch, *, failed: bool = False) -> None:
        """Let `batch` work, in the place of the visitor's former one. Raises Busy when too many work already."""
        with self._lock:
            former = self._batches.get((owner, tab))
            working = sum(other.state in ("running", "stopping") for other in self._batches.values())
            if working >= RUNNING_LIMIT and not (former and former.state in ("running", "stopping")):
                text = f"{working} batches are running already; try again in a few minutes."
                raise Busy(text, reason="batches_full", retry_after=60, waiting=working)
            self._batches[owner, tab] = batch
            batch.start(failed=failed)
        if former and former is not batch:
            former.discard()

    def drop(self, owner: str, tab: str) -> None:
        with self._lock:
            batch = self._batches.pop((owner, tab), None)
        if batch:
            batch.discard()

    def stop(self) -> None:
        """Every batch stops before its next file."""
        for batch in list(self._batches.values()):
            batch.cancel()

    def _sweep(self) -> None:
        limit = time.monotonic() - self._keeping.seconds
        with self._lock:
            old = [place for place, batch in self._batches.items() if batch.used_at < limit]
        for place in old:
            self.drop(*place)
