"""Exceptions to answers: one table of status codes, one shape for every error that leaves the server."""

import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from models.errors import PrewarmError
from service.metrics import Metrics

STATUS = {
    "bad_image": 400,
    "bad_audio": 400,
    "not_finished": 409,
    "too_large": 413,
    "wrong_kind": 415,
    "bad_field": 422,
    "busy": 429,
    "not_ready": 503,
    "device_full": 503,
    "weights": 503,
}
NOT_READY_RETRY_SECONDS = 5
DISK_RETRY_SECONDS = 60
MULTIPART = "multipart/form-data"

# What these say names folders of this machine; the log has the whole of it.
_KEPT_INSIDE = {"weights": "The model's files are missing or damaged; the server's log says more."}

_TOLD = {
    400: "The request could not be read: send a complete multipart form.",
    404: "There is no such job, file or model, or it is there no more.",
    410: "The job was given up: nothing of it is kept.",
    416: "The file ends before the range that was asked for: ask for all of it.",
}

log = logging.getLogger(__name__)


def body(code: str, message: str) -> dict[str, Any]:
    """The shape of every error: `{"error": {"code", "message"}}`."""
    return {"error": {"code": code, "message": message}}


NO_ROOM = "The server has no room for uploads just now; try again later."
INTERNAL = "Something went wrong in the server; its log says what."


class NotFinished(PrewarmError):
    """What is asked for is still being made."""

    code = "not_finished"


def install(app: FastAPI, metrics: Metrics) -> None:
    """Answer every exception of the REST routes in that shape, and count it."""

    @app.exception_handler(PrewarmError)
    async def prewarm(request: Request, error: PrewarmError) -> JSONResponse:
        metrics.rejected(error.reason)
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
        wrong_type = sent != MULTIPART and request.method == "POST"
        metrics.rejected("content_type" if wrong_type else "bad_field")
        if wrong_type:
            return JSONResponse(body("wrong_kind", f"Send the fields as {MULTIPART}."), 415)
        return JSONResponse(body("bad_field", _first(error)), 422)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error.__cause__, OSError):
            metrics.rejected("disk_full")
            return JSONResponse(body("disk_full", NO_ROOM), 507, headers={"Retry-After": str(DISK_RETRY_SECONDS)})
        metrics.rejected("bad_request")
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_").replace("-", "_")
        return JSONResponse(body(code, _of_status(error.status_code)), error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        metrics.rejected("internal")
        return JSONResponse(body("internal", INTERNAL), 500)


def answer(error: PrewarmError) -> JSONResponse:
    """The response for one of our own errors."""
    headers = {}
    if error.code == "busy":
        headers["Retry-After"] = str(math.ceil(float(error.values["retry_after"])))
    elif error.code in ("not_ready", "device_full", "weights", "not_finished"):
        headers["Retry-After"] = str(NOT_READY_RETRY_SECONDS)
    return JSONResponse(body(error.code, sentence(error)), STATUS.get(error.code, 500), headers=headers)


def sentence(error: PrewarmError) -> str:
    """What strangers are told of it."""
    return _KEPT_INSIDE.get(error.code, error.message)


def _first(error: RequestValidationError) -> str:
    """`strength: Input should be less than or equal to 1 (given '7')`, without the value when it is a file."""
    found = error.errors()[0]
    field = ".".join(str(part) for part in found["loc"] if part != "body") or "body"
    given = found.get("input")
    shown = f" (given {given[:40]!r})" if isinstance(given, str) else ""
    return f"{field}: {found['msg']}{shown}."


def _of_status(status: int) -> str:
    return _TOLD.get(status, f"{HTTPStatus(status).phrase}.")
