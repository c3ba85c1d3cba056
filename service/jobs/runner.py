"""The workers of jobs: a few threads for each task, one file after the other, in turns between visitors.

A job's files go through the model's queue as background work: a single click waits for one model pass at most.
"""

import logging
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any

from models.catalog import Family
from models.errors import Busy, NotReady, PrewarmError, TooLarge
from models.media.file_names import safe
from models.runtime import at_once
from models.runtime.waiter import Waiter
from models.tasks.base import AnyTask, Call, File
from models.tasks.options import options_of
from service import errors
from service.api.dispatch import Dispatcher
from service.api.fields import FILES_AT_MOST, Asked
from service.jobs.store import Item, JobStore, Record, State
from service.ops.health import DISK_BYTES, free_disk

JOBS_PER_VISITOR, JOBS_IN_ALL = 4, 64  # not yet finished
BYTES_PER_VISITOR, BYTES_IN_ALL = 2**30, 4 * 2**30  # on the disk, sent and made
BEAT_SECONDS = 2.0
RETRY_SECONDS = 30

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Order:
    """A job that this instance took."""

    record: Record
    visitor: str
    task: AnyTask
    options: Any
    bytes: int
    waiting: deque[int]
    under_way: list[Waiter] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.record.finished is None

    def progress(self) -> float:
        over = sum(item.state != "waiting" for item in self.record.items)
        return round((over + sum(waiter.done for waiter in self.under_way)) / len(self.record.items), 3)


class JobRunner:
    """Takes jobs within their bounds and sees to it that they end."""

    def __init__(self, dispatcher: Dispatcher, store: JobStore, *, retention_minutes: float) -> None:
        self.store = store
        self.retention_seconds = 60 * retention_minutes
        self._dispatcher = dispatcher
        self._orders: dict[str, Order] = {}
        self._changed = threading.Condition(threading.RLock())
        self._turns: Counter[str] = Counter()
        self._workers: Counter[Family] = Counter()

    @property
    def is_working(self) -> bool:
        return any(order.is_open for order in tuple(self._orders.values()))

    @property
    def has_orders(self) -> bool:
        return bool(self._orders)

    def states(self) -> Counter[str]:
        """How many jobs of this instance are in which state."""
        return Counter(order.record.state for order in tuple(self._orders.values()))

    def submit(self, asked: Asked, visitor: str) -> Record:
        """Take a job. Raises Busy, TooLarge or NotReady beyond the bounds."""
        files = [upload.file for upload in asked.files]
        self._require_room(visitor, len(files))
        job = self.store.new_id()
        names = (upload.filename and safe(upload.filename) for upload in asked.files)
        items = tuple(Item(number, source=name or None) for number, name in enumerate(names, 1))
        record = Record(job, asked.task.name, created=time.time(), items=items)
        waiting = deque(item.number for item in items)
        order = Order(record, visitor, asked.task, asked.options, bytes=0, waiting=waiting)
        try:
            for item, file in zip(items, files, strict=True):
                order.bytes += self.store.add(job, item.number, file)
            order.options = self._stored(job, asked.options)
            with self._changed:
                self._require_room(visitor, len(files), order.bytes)
                self.store.write(record)
                self._orders[job] = order
                self._start_workers(asked.task.family)
                self._changed.notify_all()
        except BaseException:  # whatever ends it, half a job's files must not stay; raised again
            self.store.clear(job)
            (self.store.folder / job).rmdir()
            raise
        self._dispatcher.metrics.job(asked.task.name, len(files))
        return record

    def _stored(self, job: str, options: Any) -> Any:
        """The options with their files on the disk."""
        files = [option.name for option in options_of(type(options)) if option.kind == "file"]
        sent = {name: file for name in files if (file := getattr(options, name)) is not None}
        return replace(options, **{name: self.store.add_option(job, name, file) for name, file in sent.items()})

    def _require_room(self, visitor: str, files: int, size: int = 0) -> None:
        if files > FILES_AT_MOST:
            raise TooLarge(f"A job has at most {FILES_AT_MOST} files.", reason="job_files", limit=FILES_AT_MOST)
        if free_disk(self.store.folder) < DISK_BYTES or self.store.size() + size > BYTES_IN_ALL:
            raise NotReady("There is no room for jobs; try again later.", reason="disk")
        with self._changed:
            still = [order for order in self._orders.values() if order.is_open]
            own = [order for order in self._orders.values() if order.visitor == visitor]
        if len(still) >= JOBS_IN_ALL:
            raise _busy("Too many jobs are waiting already; try again later.", "jobs_full")
        if sum(order.is_open for order in own) >= JOBS_PER_VISITOR:
            raise _busy(f"You have {JOBS_PER_VISITOR} jobs under way; let one finish or cancel it.", "jobs_share")
        if sum(order.bytes for order in own) + size > BYTES_PER_VISITOR:
            raise _busy("Your jobs take all the room you have; delete those you have fetched.", "jobs_bytes")

    def _start_workers(self, family: Family) -> None:
        """As many as the device of the model wants, which is not known before it is loaded: looked at for each job."""
        for _ in range(self._workers[family], at_once.workers(self._dispatcher.residents[family].status.device)):
            self._workers[family] += 1
            threading.Thread(target=self._work, args=(family,), daemon=True, name=f"job-{family}").start()

    def _work(self, family: Family) -> None:
        while True:
            order, number, waiter = self._next(family)
            item = self._item(order, number, waiter)
            with self._changed:
                order.under_way.remove(waiter)
                self._note(order, item)

    def _next(self, family: Family) -> tuple[Order, int, Waiter]:
        """The next file of the visitor whose turn was longest ago."""
        with self._changed:
            while not (found := [order for order in self._orders.values() if self._has_work(order, family)]):
                self._changed.wait()
            order = min(found, key=lambda one: self._turns[one.visitor])
            self._turns[order.visitor] = max(self._turns.values(), default=0) + 1
            waiter = Waiter()
            order.under_way.append(waiter)
            return order, order.waiting.popleft(), waiter

    def _has_work(self, order: Order, family: Family) -> bool:
        return order.is_open and order.task.family == family and bool(order.waiting)

    def _item(self, order: Order, number: int, waiter: Waiter) -> Item:
        """One file, whatever it holds."""
        call = Call(f"{order.visitor} job", background=True, waiter=waiter)
        resident, sent = self._dispatcher.residents[order.task.family], self.store.sent(order.record.id, number)
        name = order.record.items[number - 1].source
        try:
            file = order.task.answer(sent, order.options, resident=resident, call=call)
            self._dispatcher.metrics.stages(order.task.name, call.seconds)
            return self._kept(order, number, file)
        except PrewarmError as error:
            return Item(number, name, "failed", error.code, errors.sentence(error))
        except Exception:  # the edge of a thread: one file fails and the next goes on; logged while the job lives
            if order.is_open and not self.store.is_cancelled(order.record.id):
                log.exception("a file of a job failed")
            return Item(number, name, "failed", "internal", errors.INTERNAL)

    def _kept(self, order: Order, number: int, file: File) -> Item:
        record = order.record
        sent = record.items[number - 1].source
        result = record.name(number, file.name)
        item = Item(number, sent, "done", result=result, media_type=file.media_type, bytes=len(file.content))
        with self._changed:
            mine = sum(other.bytes for other in self._orders.values() if other.visitor == order.visitor)
            if mine + item.bytes > BYTES_PER_VISITOR or free_disk(self.store.folder) < DISK_BYTES:
                raise TooLarge("There is no room for more results: choose jpg or fewer files.", reason="jobs_bytes")
            order.bytes += item.bytes
        self.store.save(order.record.id, item, file.content)
        return item

    def _note(self, order: Order, item: Item) -> None:
        """What came of one file; with the last one the job is over."""
        self.store.sent(order.record.id, item.number).unlink(missing_ok=True)
        if not order.is_open:
            self.store.clear(order.record.id, results=order.record.state == "cancelled")
            return
        items = tuple(item if other.number == item.number else other for other in order.record.items)
        order.record = replace(order.record, items=items, state="running")
        if any(other.state == "waiting" for other in items):
            self.store.write(replace(order.record, progress=order.progress()))
        else:
            self._end(order, "done" if any(other.state == "done" for other in items) else "failed")

    def _end(self, order: Order, state: State) -> None:
        order.waiting.clear()
        for waiter in order.under_way:
            waiter.gone.set()
        record = order.record.nameless() if state == "cancelled" else order.record
        order.record = replace(record, state=state, finished=time.time(), progress=order.progress())
        self.store.clear(order.record.id, results=state == "cancelled")
        self.store.write(order.record)
        self.store.renew(order.record.id)
        log.info("job %s %s: %d files, %d bytes", order.record.task, state, len(order.record.items), order.bytes)

    def beat(self) -> None:
        """To be called every BEAT_SECONDS: renews the leases, ends what was cancelled or is out of time."""
        with self._changed:
            for job, order in tuple(self._orders.items()):
                record = order.record
                if not order.is_open:
                    if not (self.store.folder / job).exists() or self.store.is_cancelled(job):
                        self.store.write(record.nameless())
                        del self._orders[job]
                elif self.store.is_cancelled(job):
                    self._end(order, "cancelled")
                elif time.time() - record.created > self.retention_seconds:
                    self._end(order, "expired")
                else:
                    self.store.write(replace(record, progress=order.progress()))
            if not self._orders:
                self._turns.clear()

    def cancel(self, job: str) -> None:
        """Give up the job, whoever works on it."""
        self.store.cancel(job)
        self.beat()

    def stop(self) -> None:
        """The server ends: what is not done by now is told to be interrupted, and what is done stays."""
        with self._changed:
            for order in self._orders.values():
                if order.is_open:
                    self._end(order, "interrupted")


def _busy(message: str, reason: str) -> Busy:
    return Busy(message, reason=reason, retry_after=RETRY_SECONDS)
