"""Many files, one set of parameters: worked off in their order, stopped and taken up again, each result on disk."""

import errno
import logging
import os
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gradio.utils import get_upload_folder

from models.errors import Busy, PrewarmError
from models.media.file_names import Names, stem_of
from ui.batch.sources import Source
from ui.batch.thumbnails import thumbnail
from ui.state.files import discard, publish

ABANDONED_SECONDS = 600.0  # nobody looked for so long: the tab is closed, not merely behind another
BUSY_SECONDS = 5.0
FRESH_SECONDS = 60.0  # so often are the files of a running batch kept from growing old
FREE_BYTES = 256 << 20  # left on the disk for everybody else
PACE_FILES = 10  # the latest ones tell how long the rest will take

ItemState = Literal["waiting", "running", "done", "failed"]
State = Literal["running", "stopping", "stopped", "finished"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """One result: file bytes, its kind of name (`cartoon.png`), what there is to say of it, columns of the report."""

    data: bytes
    name: str
    remark: str = ""
    facts: Mapping[str, str | float] = field(default_factory=dict)


@dataclass
class Item:
    """One file and how far it is; the name of its result begins with `stem`. `thumb` is None where the result is no
    picture."""

    source: Source
    stem: str
    state: ItemState = "waiting"
    result: Path | None = None
    thumb: str | None = None
    remark: str = ""
    facts: Mapping[str, str | float] = field(default_factory=dict)
    error: PrewarmError | None = None
    seconds: float = 0.0


class Batch:
    """Works in threads of its own, with `at_once` files under way, which is asked again before each of them: one on a
    CPU, so that others wait for one model pass at most.

    `work` makes one file; `parameters` are what the report says of it; `keep` are files besides the sources that must
    live as long as the batch runs.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        work: Callable[[Path], Made],
        *,
        parameters: Mapping[str, object],
        keep: Iterable[Path] = (),
        at_once: Callable[[], int] = lambda: 1,
    ) -> None:
        names = Names()  # here, in the order of the files: which of several is done first tells nothing
        self.items = [Item(source, names.unique(stem_of(source.name), "")) for source in sources]
        self.parameters = parameters
        self.used_at = time.monotonic()
        self.packed: str | None = None
        self._work, self._keep, self._at_once = work, tuple(keep), at_once
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._workers = 0
        self._pace: deque[float] = deque(maxlen=PACE_FILES)
        self._fresh_at = self.used_at

    @property
    def state(self) -> State:
        if self._workers:
            return "stopping" if self._stop.is_set() else "running"
        return "stopped" if self.count("waiting") else "finished"

    @property
    def is_resting(self) -> bool:
        return self.state in ("stopped", "finished")

    def count(self, state: ItemState) -> int:
        return sum(item.state == state for item in self.items)

    @property
    def remaining(self) -> float | None:
        """Seconds until the last file is done, as far as the latest ones tell."""
        left = self.count("waiting") + self.count("running")
        return left * sum(self._pace) / len(self._pace) / max(1, self._workers) if self._pace else None

    def start(self, *, failed: bool = False) -> None:
        """Work on what waits, and once more on what failed if asked to; what is done stays done."""
        with self._lock:
            for item in self.items if failed else ():
                if item.state == "failed" and item.source.error is None:
                    item.state, item.error = "waiting", None
            self.used_at = time.monotonic()
            self._stop.clear()
            while self._workers < self._at_once():
                self._workers += 1
                threading.Thread(target=self._run, daemon=True, name="batch").start()

    def cancel(self) -> None:
        """Stop before the next files; what is done stays."""
        self._stop.set()

    def discard(self) -> None:
        """Stop, and remove the results from the disk."""
        self.cancel()
        for path in (self.packed, *(path for item in self.items for path in (item.result, item.thumb))):
            if path:
                discard(path)

    def _run(self) -> None:
        while item := self._next():
            started = time.perf_counter()
            self._one(item)
            item.seconds = time.perf_counter() - started
            if item.state == "done":
                self._pace.append(item.seconds)

    def _next(self) -> Item | None:
        with self._lock:
            item = next((item for item in self.items if item.state == "waiting"), None)
            abandoned = time.monotonic() - self.used_at > ABANDONED_SECONDS
            if item is None or abandoned or self._stop.is_set() or self._workers > self._at_once():
                self._workers -= 1
                return None
            item.state = "running"
        self._keep_fresh()
        return item

    def _one(self, item: Item) -> None:
        try:
            with item.source.opened() as file:
                self._fill(item, self._patiently(file))
            item.state = "done"
        except Busy:
            item.state = "waiting"
        except PrewarmError as error:
            item.state, item.error = "failed", error
        except Exception as error:  # the edge of a thread: one file fails, with its traceback, and the next goes on
            log.exception("a file of a batch failed", exc_info=error)
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            item.state, item.error = "failed", _disk_full() if full else _unexpected()

    def _patiently(self, file: Path) -> Made:
        """The work, once the queue has a place for it. Raises Busy only when the batch is stopped meanwhile."""
        while True:
            try:
                return self._work(file)
            except Busy as busy:
                if self._stop.wait(min(busy.retry_after, BUSY_SECONDS)):
                    raise

    def _fill(self, item: Item, made: Made) -> None:
        if shutil.disk_usage(get_upload_folder()).free < FREE_BYTES:
            raise _disk_full()
        item.result = Path(publish(made.data, f"{item.stem}.{made.name}"))
        small = thumbnail(made.data)
        item.thumb = publish(small, "thumb.webp") if small else None
        item.remark, item.facts = made.remark, made.facts

    def _keep_fresh(self) -> None:
        if time.monotonic() - self._fresh_at < FRESH_SECONDS:
            return
        self._fresh_at = time.monotonic()
        used = [path for item in self.items for path in (item.source.path, item.result, item.thumb) if path]
        for path in (*self._keep, *used):
            with suppress(OSError):
                os.utime(path)


def _disk_full() -> PrewarmError:
    return PrewarmError("The server's disk is full: try again later.", reason="disk_full")


def _unexpected() -> PrewarmError:
    return PrewarmError("Something went wrong on our side: try this file again.", reason="unexpected")
