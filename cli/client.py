"""Who does the work: our own REST routes in this process, or those of a server. Both are asked in the same way."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

import preload
from models.runtime import at_once
from models.runtime.resident import Status
from models.tasks.base import AnyTask
from models.weights.proxies import Proxies, ProxyError
from settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

TIMEOUT = httpx.Timeout(10, read=1800, write=120, pool=None)  # an hour of sound takes its time
PATIENCE_SECONDS = 120.0  # how long a full or starting server is asked again
PROGRESS_SECONDS = 0.1


class Unavailable(Exception):
    """The model could not be loaded, or the server not be reached."""


class Refused(Exception):
    """One file was not taken; `code` as in the REST contract."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Reply:
    """A result's bytes, and the headers that tell of them."""

    content: bytes
    headers: Mapping[str, str]

    @property
    def source(self) -> str | None:
        return self.headers.get("x-model-source")

    def fact(self, name: str) -> int | str | None:
        """What the task tells of its result, by name."""
        told = self.headers.get(f"x-{name}")
        return int(told) if told and told.isdecimal() else told


@asynccontextmanager
async def local(
    settings: Settings, task: AnyTask, options: Any, tell: Callable[[Status], None]
) -> AsyncIterator["Client"]:
    """The routes of this process once the one model that is needed is ready; `tell` hears of its states."""
    resident, variant = preload.RESIDENTS[task.family], task.variant(options)
    preload.configure(settings)
    asyncio.get_running_loop().set_default_executor(_Unwaited())
    loading = asyncio.create_task(asyncio.to_thread(resident.load, variant))
    while not (await asyncio.wait({loading}, timeout=PROGRESS_SECONDS))[0]:
        tell(resident.slot(variant).status)
    if error := loading.exception():
        raise Unavailable(str(error)) from error
    tell(resident.slot(variant).status)
    with tempfile.TemporaryDirectory() as uploads:
        transport = httpx.ASGITransport(_application(settings, Path(uploads) / "uploads"), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as routes:
            yield Client(routes, task, at_once=at_once.files(resident.slot(variant).status.device))


@asynccontextmanager
async def remote(server: str, task: AnyTask, token: str | None, proxies: Proxies) -> AsyncIterator["Client"]:
    """The routes of the studio at `server`."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = server if "://" in server else f"http://{server}"
    try:
        way = httpx.AsyncHTTPTransport(proxy=proxies.towards(address))
        routes = httpx.AsyncClient(base_url=address.rstrip("/"), headers=headers, timeout=TIMEOUT, transport=way)
    except (ProxyError, httpx.InvalidURL, ValueError) as error:
        raise Unavailable(f"the studio at {server} cannot be asked: {error}") from error
    async with routes:
        try:
            (await routes.get("/livez")).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"no studio answers at {server} ({error})") from error
        yield Client(routes, task, at_once=await _at_once(routes, task))


async def _at_once(routes: httpx.AsyncClient, task: AnyTask) -> int:
    """How many files the device of a studio wants, where it tells of it."""
    with suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
        return at_once.files((await routes.get("/readyz")).json()["models"][task.family]["device"])
    return at_once.files(None)


class _Unwaited(ThreadPoolExecutor):
    """Threads that the end of the program does not wait for: a model that is loading cannot be stopped."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=True)


class Client:
    """One task of one studio, which `at_once` files are best given to."""

    def __init__(self, routes: httpx.AsyncClient, task: AnyTask, *, at_once: int = 1) -> None:
        self._routes, self._task = routes, task
        self.at_once = at_once

    async def ask(self, content: bytes, given: Mapping[str, Any]) -> Reply:
        """The result for one file, `given` the options by name. Asks again while the studio is full or starting.
        Raises Refused, Unavailable, OSError."""
        fields = {name: _as_text(value) for name, value in given.items() if not isinstance(value, Path)}
        files = {name: value.read_bytes() for name, value in given.items() if isinstance(value, Path)}
        # Names of files are nobody's business, and a server may keep what it is told.
        parts = {name: ("upload", data) for name, data in {self._task.source: content, **files}.items()}
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self._post(fields, parts)
            pause = float(answer.headers.get("retry-after", 1))
            if not _worth_waiting(answer) or time.monotonic() + pause > end:
                break
            await asyncio.sleep(pause)
        if answer.status_code != 200:
            raise _refused(answer)
        return Reply(answer.content, answer.headers)

    async def _post(self, fields: Mapping[str, str], parts: Mapping[str, tuple[str, bytes]]) -> httpx.Response:
        try:
            return await self._routes.post(f"/api/v1/{self._task.name}", data=dict(fields), files=parts)
        except httpx.HTTPError as error:
            raise Unavailable(f"the studio went away ({type(error).__name__})") from error


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _worth_waiting(answer: httpx.Response) -> bool:
    """Full or starting, and not broken for good."""
    return answer.status_code == 429 or (answer.status_code == 503 and _refused(answer).code == "not_ready")


def _refused(answer: httpx.Response) -> Refused:
    try:
        error = answer.json()["error"]
        return Refused(error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return Refused("unexpected", f"the studio answered {answer.status_code}")


def _application(settings: Settings, uploads: Path) -> "FastAPI":
    from service import server

    return server.create(preload.RESIDENTS, uploads, retention_minutes=settings.retention).app
