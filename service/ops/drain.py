"""From the first request to the last: what is under way, and how the server stops without losing any of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.catalog import Family
from models.runtime.resident import Resident
from service.middleware.client_address import address_of
from service.middleware.refusal import refuse
from service.ops.watchdog import Watchdog

DRAIN_SECONDS = 60.0  # whoever is not done by then is cut off
RETRY_SECONDS = 5  # when the next instance may be there
QUIET_SECONDS = 0.7  # a page fetches its result file just after its job has ended

# Open as long as the tab is: waiting for their end would be waiting for the visitor.
_ENDLESS = ("/gradio_api/heartbeat/",)
_PROBES = ("/livez", "/readyz", "/metrics", "/v2/")
_PAGE = "/gradio_api/"


class Lifecycle:
    """Counts the work under way, whatever door it came through; once draining, says when the last of it is done."""

    def __init__(self, residents: Mapping[Family, Resident[Any]], *, also: Callable[[], bool] = lambda: False) -> None:
        """`also` says whether there is other work to wait for."""
        self.draining = False
        self.closing = asyncio.Event()
        self.on_drain: list[Callable[[], None]] = []  # ends work that would go on by itself
        self._residents = residents
        self._also = also
        self._watchdogs = {task: Watchdog(resident) for task, resident in residents.items()}
        self._open: Counter[str] = Counter()
        self._seen: dict[str, float] = {}
        self._busy_at, self._deadline = -QUIET_SECONDS, 0.0

    def drain(self) -> None:
        """Take no new work from now on."""
        self.draining = True
        for end in self.on_drain:
            end()
        self._deadline = time.monotonic() + DRAIN_SECONDS

    def tick(self) -> bool:
        """To be called again and again; True when draining is over: nothing was under way for QUIET_SECONDS, or time
        is up."""
        for watchdog in self._watchdogs.values():
            watchdog.look()
        now = time.monotonic()
        if self.busy:
            self._busy_at = now
        return self.draining and (now - self._busy_at > QUIET_SECONDS or now > self._deadline)

    @property
    def stuck(self) -> list[str]:
        """Tasks whose model has worked on one thing for longer than STUCK_SECONDS."""
        return [task for task, watchdog in self._watchdogs.items() if watchdog.is_stuck()]

    @property
    def busy(self) -> bool:
        queues = [resident.queue for resident in self._residents.values()]
        return self._open.total() > 0 or self._also() or any(queue.running or queue.waiting for queue in queues)

    def enter(self, visitor: str) -> None:
        self._open[visitor] += 1

    def leave(self, visitor: str) -> None:
        self._open[visitor] -= 1
        if not self._open[visitor]:
            del self._open[visitor]
        self._busy_at = time.monotonic()
        if self.draining:
            self._seen[visitor] = self._busy_at

    def may_go_on(self, visitor: str) -> bool:
        """A page's job has steps: who has work under way, or had a moment ago, may start the next one."""
        return visitor in self._open or time.monotonic() - self._seen.get(visitor, -QUIET_SECONDS) < QUIET_SECONDS


class Draining:
    """The layer that counts requests, refuses new work while draining and ends the endless streams at the end."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_PROBES):
            await self.app(scope, receive, send)
        elif scope["path"].startswith(_ENDLESS):
            await self._until_closing(scope, receive, send)
        elif self._refused(scope):
            text = "The server is stopping; try again in a moment."
            await refuse(receive, send, 503, "not_ready", text, retry_after=RETRY_SECONDS)
        else:
            await self._counted(scope, receive, send)

    def _refused(self, scope: Scope) -> bool:
        if not self.lifecycle.draining or scope["method"] != "POST":
            return False
        return not (scope["path"].startswith(_PAGE) and self.lifecycle.may_go_on(address_of(scope)))

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = address_of(scope)
        self.lifecycle.enter(visitor)
        try:
            await self.app(scope, receive, send)
        finally:
            self.lifecycle.leave(visitor)

    async def _until_closing(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send)
        stream = asyncio.ensure_future(self.app(scope, receive, answer.send))
        closing = asyncio.ensure_future(self.lifecycle.closing.wait())
        try:
            await asyncio.wait({stream, closing}, return_when=asyncio.FIRST_COMPLETED)
            if stream.done():
                stream.result()
        finally:
            closing.cancel()
            stream.cancel()
            await asyncio.gather(stream, return_exceptions=True)
        await answer.end()


class _Answer:
    """Passes an answer on and knows whether it was begun and not ended."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open = False

    async def send(self, message: Message) -> None:
        self._open = message["type"] == "http.response.start" or bool(message.get("more_body"))
        await self._send(message)

    async def end(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
