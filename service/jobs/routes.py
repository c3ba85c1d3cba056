"""`/api/v1/jobs`: hand in many files or a long recording, ask how far it is, fetch what came of it, give it up."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import JSONResponse, Response

from models.tasks import TASKS
from models.tasks.base import MEDIA_TYPES, AnyTask
from service.api import fields, openapi
from service.api.downloads import Download, disposition
from service.api.fields import FILES_AT_MOST, Asked
from service.api.multipart import FormRoute
from service.errors import NotFinished
from service.jobs.runner import JobRunner
from service.jobs.store import UNFINISHED, Record
from service.middleware.client_address import address_of

JOB = {
    "id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "task": "cartoon",
    "state": "running",
    "progress": 0.5,
    "created": 1767265200.0,
    "finished": None,
    "expires": 1767267000.0,
    "total": 2,
    "done": 1,
    "failed": 0,
    "items": [
        {
            **{"number": 1, "source": "me.jpg", "state": "done"},
            **{"result": "me.cartoon.png", "media_type": "image/png", "bytes": 182044},
        },
        {"number": 2, "source": "you.jpg", "state": "waiting", "bytes": 0},
    ],
}
POLL_SECONDS = 1
FORM_LIMITS: Any = {"max_files": FILES_AT_MOST + 1, "max_fields": 32, "max_part_size": 4096}

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="as told when the job was taken")]
Number = Annotated[int, Path(ge=1, le=FILES_AT_MOST, description="of a file, in the order they were sent, from 1")]


def router(runner: JobRunner) -> APIRouter:
    """The routes; any instance that shares the jobs' folder answers for all of its jobs."""
    routes = APIRouter(
        prefix="/api/v1/jobs",
        tags=["jobs"],
        route_class=FormRoute,
        dependencies=[Depends(fields.nothing_in_the_address)],
    )
    taking: Any = {
        "status_code": 202,
        "responses": {202: openapi.example(JOB, "taken"), **openapi.ERRORS},
        "dependencies": [Depends(fields.only_known)],
        "form_limits": FORM_LIMITS,
    }

    def taker(task: AnyTask) -> Callable[..., Awaitable[Response]]:
        async def take(request: Request, asked: Annotated[Asked, Depends(fields.form_of(task, many=True))]) -> Response:
            record = await anyio.to_thread.run_sync(runner.submit, asked, address_of(request.scope))
            return _told(record, status=202)

        return take

    for task in TASKS.values():
        told: Any = {"description": f"{task.doc} Of many files.", "openapi_extra": openapi.form(task)}
        routes.post(f"/{task.name}", name=task.name, **told, **taking)(taker(task))

    @routes.get("/{job}", responses={200: openapi.example(JOB, "the job"), **openapi.errors(404, 422)})
    async def state(job: JobId) -> Response:
        """How far it is. `state` is queued, running, done, failed (no file could be worked on), cancelled, expired (not
        done within the retention time), interrupted (the server was stopped; what was done can be fetched) or lost."""
        return _told(await find(job))

    @routes.get("/{job}/result", response_class=Response, responses=_made(404, 409, 410, 422))
    async def result(job: JobId) -> Response:
        """The result of a job of one file, or a zip of all, each named after its source, with `job.json`. 409 until it
        is over."""
        record = await find(job)
        if record.state in UNFINISHED:
            raise NotFinished("The job is not done yet: ask again.", reason="not_finished")
        if record.state == "cancelled":
            raise HTTPException(410)
        if len(record.items) == 1:
            return _file(record, 1)
        path = await anyio.to_thread.run_sync(runner.store.zipped, record)
        return Download(path, media_type="application/zip", filename="prewarm.zip", headers=_NO_STORE)

    @routes.get("/{job}/results/{number}", response_class=Response, responses=_made(404, 422))
    async def one(job: JobId, number: Number) -> Response:
        """The result of one file, as soon as it is there."""
        return _file(await find(job), number)

    @routes.delete("/{job}", status_code=204, responses=openapi.errors(404, 422))
    async def cancel(job: JobId) -> None:
        """Give it up; everything of it but its state is deleted at once."""
        await find(job)
        await anyio.to_thread.run_sync(runner.cancel, job)

    async def find(job: str) -> Record:
        record = await anyio.to_thread.run_sync(runner.store.read, job)
        if record is None:
            raise HTTPException(404)
        return record

    def _told(record: Record, status: int = 200) -> JSONResponse:
        headers = {**_NO_STORE, "Location": f"{record.id}"} if status == 202 else dict(_NO_STORE)
        if record.state in UNFINISHED:
            headers["Retry-After"] = str(POLL_SECONDS)
        return JSONResponse(record.told(runner.retention_seconds), status, headers)

    def _file(record: Record, number: int) -> Download:
        item = next((item for item in record.items if item.number == number), None)
        if item is None or item.state != "done" or not (path := runner.store.result(record.id, item)).is_file():
            raise HTTPException(404)
        headers = {**_NO_STORE, "Content-Disposition": disposition(item.result or item.file)}
        return Download(path, media_type=item.media_type, headers=headers)

    return routes


def _made(*errors: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a file."""
    kinds = {*MEDIA_TYPES.values(), "application/zip"}
    return {
        200: {"description": "the file", "content": {kind: {} for kind in sorted(kinds)}},
        **openapi.errors(*errors),
    }


_NO_STORE = {"Cache-Control": "no-store"}
