"""Who does the work: our own REST routes in this process, or those of a server. Both are asked in the same way."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

import preload
from cli.arguments import SOURCE_FIELD
from models.catalog import Family
from models.runtime.resident import Status
from settings import RETENTION_MINUTES, Settings

VARIANT_FIELD: dict[Family, str] = {"cartoon": "style", "matting": "model"}
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


def document() -> dict[str, Any]:
    """The OpenAPI document of our own routes; nothing is loaded."""
    with tempfile.TemporaryDirectory() as uploads:
        return _application(Path(uploads) / "uploads").openapi()


@asynccontextmanager
async def local(
    settings: Settings, task: Family, fields: Mapping[str, str], tell: Callable[[Status], None]
) -> AsyncIterator["Studio"]:
    """The routes of this process once the one model that is needed is ready; `tell` hears of its states."""
    resident = preload.RESIDENTS[task]
    variant = fields.get(VARIANT_FIELD.get(task, ""))
    preload.configure(settings)
    loading = asyncio.create_task(asyncio.to_thread(resident.load, variant))
    while not (await asyncio.wait({loading}, timeout=PROGRESS_SECONDS))[0]:
        tell(resident.slot(variant).status)
    if error := loading.exception():
        raise Unavailable(str(error)) from error
    tell(resident.slot(variant).status)
    with tempfile.TemporaryDirectory() as uploads:
        transport = httpx.ASGITransport(_application(Path(uploads) / "uploads"), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield Studio(client, task)


@asynccontextmanager
async def remote(server: str, task: Family, token: str | None) -> AsyncIterator["Studio"]:
    """The routes of the studio at `server`."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = server if "://" in server else f"http://{server}"
    async with httpx.AsyncClient(base_url=address.rstrip("/"), headers=headers, timeout=TIMEOUT) as client:
        try:
            (await client.get("/livez")).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"no studio answers at {server} ({error})") from error
        yield Studio(client, task)


class Studio:
    """One task of one studio."""

    def __init__(self, client: httpx.AsyncClient, task: Family) -> None:
        self._client, self._task = client, task

    async def ask(self, content: bytes, fields: Mapping[str, str], files: Mapping[str, bytes]) -> Reply:
        """The result for one file. Asks again while the studio is full or starting. Raises Refused, Unavailable."""
        # Names of files are nobody's business, and a server may keep what it is told.
        parts = {name: ("upload", data) for name, data in {SOURCE_FIELD[self._task]: content, **files}.items()}
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
            return await self._client.post(f"/api/v1/{self._task}", data=dict(fields), files=parts)
        except httpx.HTTPError as error:
            raise Unavailable(f"the studio went away ({type(error).__name__})") from error


def _worth_waiting(answer: httpx.Response) -> bool:
    """Full or starting, and not broken for good."""
    return answer.status_code == 429 or (answer.status_code == 503 and _refused(answer).code == "not_ready")


def _refused(answer: httpx.Response) -> Refused:
    try:
        error = answer.json()["error"]
        return Refused(error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return Refused("unexpected", f"the studio answered {answer.status_code}")


def _application(uploads: Path) -> FastAPI:
    from service import server

    return server.create(preload.RESIDENTS, uploads, retention_minutes=RETENTION_MINUTES).app
