"""Our own FastAPI and uvicorn: the page is mounted by the caller; a signal drains, a second one ends at once."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from models.catalog import Family
from models.runtime.allocator import FreePages
from models.runtime.resident import Resident
from service import errors, metrics
from service.api import docs_page, openapi, routes
from service.api.dispatch import Dispatcher
from service.jobs import routes as job_routes
from service.jobs.runner import BEAT_SECONDS, JobRunner
from service.jobs.store import JobStore
from service.middleware import client_address
from service.middleware.auth import Auth
from service.middleware.body_limits import BodyLimits
from service.middleware.methods import Methods
from service.middleware.rate_limit import RateLimit
from service.middleware.request_log import RequestLog
from service.ops import cleanup, health, kserve
from service.ops.drain import Draining, Lifecycle

SWITCH_SECONDS = 0.0005  # Python's own 5 ms add up: with a dozen busy threads a probe waited 200 ms for its turn
GIVING_BACK_SECONDS = 10.0
CLOSING_SECONDS = 1  # for answers on their way when nothing is under way any more

End = Callable[[int], NoReturn]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Access:
    """Who may come in, how often (`rate`, requests a minute, 0: as often as they like), from behind which `proxies`."""

    token: str | None = None
    auth: tuple[str, str] | None = None
    rate: int = 0
    proxies: tuple[str, ...] = ()


OPEN_ACCESS = Access()


@dataclass(frozen=True)
class Service:
    """The application without a page, and what the process around it needs to know."""

    app: FastAPI
    lifecycle: Lifecycle
    metrics: metrics.Metrics
    runner: JobRunner
    access: Access

    def layered(self) -> ASGIApp:
        """The application behind its layers, the outermost last."""
        app: ASGIApp = Draining(Methods(self.app, self.metrics, self.app), self.lifecycle)
        if self.access.rate:
            app = RateLimit(app, self.metrics, self.access.rate)
        app = Auth(app, self.metrics, auth=self.access.auth, token=self.access.token)
        app = RequestLog(BodyLimits(app, self.metrics), self.metrics)
        return client_address.behind(app, self.access.proxies)


def create(
    residents: Mapping[Family, Resident[Any]],
    uploads: Path,
    *,
    retention_minutes: float,
    root_path: str = "",
    jobs: Path | None = None,
    access: Access = OPEN_ACCESS,
) -> Service:
    """`uploads` is made here and cleaned by age while the server runs, like the folder of jobs: one beside the uploads
    is this server's own; `jobs` is one that instances may share."""
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = JobStore(jobs or uploads.with_name(f"{uploads.name}-jobs"))
    store.open()
    counters = metrics.Metrics(residents, (uploads, store.folder))
    dispatcher = Dispatcher(residents, counters)
    runner = JobRunner(dispatcher, store, retention_minutes=retention_minutes)
    counters.watch_jobs(runner.states)
    lifecycle = Lifecycle(residents, also=lambda: runner.is_working)
    app = FastAPI(
        title="Prewarm",
        version="1",
        docs_url=None,
        redoc_url=None,
        form_limits={"max_files": 32, "max_fields": 32, "max_part_size": 4096},
        servers=[{"url": root_path or "/"}],
        lifespan=lambda app: _tidying((uploads, store.folder), runner, retention_minutes),
    )
    errors.install(app, counters)
    openapi.describe(app)
    app.include_router(job_routes.router(runner))
    app.include_router(routes.router(dispatcher))
    app.include_router(health.router(residents, lifecycle, uploads))
    app.include_router(kserve.router(residents, lifecycle, uploads))
    app.include_router(metrics.router(counters))
    app.include_router(docs_page.router(app))
    return Service(app, lifecycle, counters, runner, access)


@contextlib.asynccontextmanager
async def _tidying(folders: Sequence[Path], runner: JobRunner, minutes: float) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(cleanup.keep_clean(folder, minutes=minutes)) for folder in folders]
    tasks += [asyncio.create_task(_beating(runner)), asyncio.create_task(_giving_back())]
    yield
    for task in tasks:
        task.cancel()


async def _beating(runner: JobRunner) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        if runner.has_orders:
            await asyncio.to_thread(runner.beat)


async def _giving_back() -> None:
    free_pages = FreePages()
    while True:
        await asyncio.sleep(GIVING_BACK_SECONDS)
        await asyncio.to_thread(free_pages.give_back)


class Server(uvicorn.Server):
    """Keeps listening while it drains, so that probes hear why; stops when the last work is done."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle, end: End) -> None:
        super().__init__(config)
        self.lifecycle = lifecycle
        self._end = end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.lifecycle.draining:
            self._end(128 + sig)
        self.lifecycle.drain()

    async def on_tick(self, counter: int) -> bool:
        if self.lifecycle.tick():
            self.lifecycle.closing.set()
            self.should_exit = True
        return await super().on_tick(counter)


def serve(service: Service, listener: socket.socket, *, end: End) -> NoReturn:
    """Serve until SIGINT or SIGTERM, finish what runs, end the process by `end` with its exit code."""
    config = uvicorn.Config(
        service.layered(),
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=CLOSING_SECONDS,
        server_header=False,
        proxy_headers=False,
        ws="none",
    )
    sys.setswitchinterval(SWITCH_SECONDS)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    log.info("Page on http://%s:%d", *_shown(listener))
    Server(config, service.lifecycle, end).run(sockets=[listener])
    if service.runner.is_working:
        service.runner.stop()
        log.warning("Stopped with jobs under way; what was done of them is kept")
    else:
        log.info("Stopped with nothing under way")
    logging.shutdown()
    # A model that is still loading cannot be interrupted, and the interpreter would wait for its thread.
    end(0)


def _shown(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return ("localhost" if host in ("0.0.0.0", "::") else host), port
