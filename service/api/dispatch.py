"""Where REST requests meet the models: taken or refused at once, worked on in threads, answered with their timings."""

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio
from fastapi import Request
from fastapi.responses import Response

from models.catalog import Family
from models.media.file_names import result_name
from models.runtime.fair_queue import SECONDS_PER_PLACE, full, share_full
from models.runtime.resident import Resident
from models.tasks.base import STAGES, Call
from service.api.downloads import disposition
from service.api.fields import Asked
from service.metrics import Metrics
from service.middleware.client_address import address_of

LOADING_SECONDS = 60.0  # how long a request waits for a model that is still loading


class Dispatcher:
    """Takes as many requests of a model as may run and wait; nothing is decoded for the others."""

    def __init__(self, residents: Mapping[Family, Resident[Any]], metrics: Metrics) -> None:
        self.residents = residents
        self.metrics = metrics
        self._taken: Counter[tuple[Family, str]] = Counter()
        # The bound is the queue's; anyio's own 40 threads would make the 41st wait before it can be refused.
        self._threads = anyio.CapacityLimiter(math.inf)

    async def answer(self, request: Request, asked: Asked) -> Response:
        """The response with the headers of the contract. Raises Busy before any work is done."""
        task, resident, visitor = asked.task, self.residents[asked.task.family], address_of(request.scope)
        call = Call(visitor, patience=LOADING_SECONDS)
        with self._place(task.family, visitor):
            async with _watching(request, call):
                file = await anyio.to_thread.run_sync(
                    lambda: task.answer(asked.files[0].file, asked.options, resident=resident, call=call),
                    limiter=self._threads,
                )
        self.metrics.stages(task.name, call.seconds)
        facts = {f"X-{name.replace('_', '-').title()}": str(fact) for name, fact in file.facts.items()}
        named = {"Content-Disposition": disposition(result_name(asked.files[0].filename, file.name))}
        return Response(file.content, media_type=file.media_type, headers={**_headers(call), **named, **facts})

    @contextmanager
    def _place(self, family: Family, visitor: str) -> Iterator[None]:
        queue = self.residents[family].queue
        taken = sum(count for (of, _), count in self._taken.items() if of == family)
        own = self._taken[family, visitor]
        if taken >= queue.running_limit + queue.waiting_limit or queue.waiting >= queue.waiting_limit > 0:
            raise full(max(queue.waiting, taken - queue.running_limit), self._pace(family))
        if visitor and own >= queue.running_limit + queue.share:
            raise share_full(own - queue.running_limit, self._pace(family))
        self._taken[family, visitor] += 1
        try:
            yield
        finally:
            self._taken[family, visitor] -= 1
            self._taken += Counter()  # forgets who has none

    def _pace(self, family: Family) -> float:
        """Seconds that one place in the queue costs, as seen of late."""
        return self.residents[family].status.median_seconds or SECONDS_PER_PLACE


@contextlib.asynccontextmanager
async def _watching(request: Request, call: Call) -> AsyncIterator[None]:
    """Marks the call when the client hangs up, so that the model skips it."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue
        call.waiter.gone.set()

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()


def _headers(call: Call) -> dict[str, str]:
    timings = ", ".join(f"{stage};dur={1000 * call.seconds.get(stage, 0.0):.1f}" for stage in STAGES)
    return {
        "Server-Timing": timings,
        "X-Model-Source": (call.status and call.status.source) or "unknown",
        "Cache-Control": "no-store",
    }
