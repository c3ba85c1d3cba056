"""Where REST requests meet the models: taken or refused at once, worked on in threads, answered with their timings."""

import asyncio
import contextlib
import logging
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio
from fastapi import Request
from fastapi.responses import Response

from models.catalog import Family
from models.errors import NotReady
from models.runtime import cpu_count
from models.runtime.fair_queue import SECONDS_PER_PLACE, full, share_full
from models.runtime.memory_budget import MemoryBudget
from models.runtime.resident import Resident
from service.api.options import Asked
from service.api.work import Job, Workshop
from service.metrics import Metrics
from service.middleware.client_address import address_of

log = logging.getLogger(__name__)

DECODED_BYTES = 512 * 2**20  # three of the largest pictures, or two hours of sound
STAGES = ("decode", "queue", "forward", "finish", "encode")


class Dispatcher:
    """Takes as many requests of a task as its model lets run and wait; nothing is decoded for the others."""

    def __init__(self, residents: Mapping[Family, Resident[Any]], metrics: Metrics) -> None:
        self.residents = residents
        self.metrics = metrics
        self._taken: Counter[tuple[Family, str]] = Counter()
        usable = cpu_count.usable()
        self.workshop = Workshop(
            decoding=threading.Semaphore(max(1, usable // 2)),
            finishing=threading.Semaphore(usable),
            memory=MemoryBudget(DECODED_BYTES),
        )
        # The bound is the queue's; anyio's own 40 threads would make the 41st wait before it can be refused.
        self._threads = anyio.CapacityLimiter(math.inf)

    async def answer(self, request: Request, asked: Asked, read: Callable[[], bytes]) -> Response:
        """The response with the headers of the contract. Raises Busy or NotReady before any work is done."""
        task, visitor = asked.task, address_of(request.scope)
        self.require_ready(task, asked.variant)
        with self._place(task, visitor):
            job = Job(self.residents[task], visitor, self.workshop)
            async with _watching(request, job):
                done = await anyio.to_thread.run_sync(
                    lambda: asked.work(job, read(), asked.read_backdrop()), limiter=self._threads
                )
        self.metrics.stages(task, job.seconds)
        return Response(done.content, media_type=done.media_type, headers={**_headers(job), **done.headers})

    @contextmanager
    def _place(self, task: Family, visitor: str) -> Iterator[None]:
        queue = self.residents[task].queue
        taken = sum(count for (of, _), count in self._taken.items() if of == task)
        own = self._taken[task, visitor]
        if taken >= queue.running_limit + queue.waiting_limit or queue.waiting >= queue.waiting_limit > 0:
            raise full(max(queue.waiting, taken - queue.running_limit), self._pace(task))
        if visitor and own >= queue.running_limit + queue.share:
            raise share_full(own - queue.running_limit, self._pace(task))
        self._taken[task, visitor] += 1
        try:
            yield
        finally:
            self._taken[task, visitor] -= 1
            self._taken += Counter()  # forgets who has none

    def _pace(self, task: Family) -> float:
        """Seconds that one place in the line costs, as seen of late."""
        return self.residents[task].status.median_seconds or SECONDS_PER_PLACE

    def require_ready(self, task: Family, variant: str | None) -> None:
        """NotReady unless the model is; the first to ask for one that is loaded on demand sets it in motion."""
        resident = self.residents[task]
        slot = resident.slot(variant)
        if slot.status.state == "ready":
            return
        if variant not in (None, resident.default) and slot.status.state in ("pending", "failed"):
            threading.Thread(target=_load, args=(resident, variant), daemon=True).start()
        message = f"{slot.model.key} is {slot.status.state}; try again in a moment."
        raise NotReady(message, reason="not_ready", task=task)


def _load(resident: Resident[Any], variant: str) -> None:
    # A failure is told by the slot: its state, its error, the log.
    with contextlib.suppress(Exception):
        resident.load(variant)


@contextlib.asynccontextmanager
async def _watching(request: Request, job: Job):  # type: ignore[no-untyped-def]
    """Marks the job when the client hangs up, so that the model skips it."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue
        job.waiter.gone.set()

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()


def _headers(job: Job) -> dict[str, str]:
    timings = ", ".join(f"{stage};dur={1000 * job.seconds.get(stage, 0.0):.1f}" for stage in STAGES)
    return {
        "Server-Timing": timings,
        "X-Model-Source": (job.status and job.status.source) or "unknown",
        "Cache-Control": "no-store",
    }
