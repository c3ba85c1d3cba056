"""One line per request: id, task, bytes, milliseconds, code. No names, no addresses, no content."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from service.metrics import Metrics

# The first prefix that fits names a request in log and metrics; anything else is a part of the page.
_API = "/api/v1/"
_PREFIXES = (
    ("/api/v1/jobs", "job"),
    ("/api/", "api"),
    ("/livez", "probe"),
    ("/readyz", "probe"),
    ("/metrics", "probe"),
    ("/v2", "probe"),
    ("/gradio_api/upload", "upload"),
    ("/gradio_api/file", "file"),
    ("/gradio_api/heartbeat", "heartbeat"),
    ("/gradio_api/", "page_job"),
)
_TIDY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("prewarm.requests")


@dataclass
class Line:
    """What is known of one request; `code` 0 means that it ended without an answer."""

    id: str
    task: str
    bytes_in: int = 0
    bytes_out: int = 0
    ms: float = 0.0
    code: int = 0


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"time": self.formatTime(record), "level": record.levelname}
        line = getattr(record, "line", None)
        entry |= asdict(line) if line is not None else {"message": record.getMessage()}
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure(*, as_json: bool) -> None:
    """Send the log to standard error, in lines of text or of JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Names every file it opens or address it asks.
    logging.getLogger("httpx").setLevel(logging.WARNING)


class RequestLog:
    """The layer around all others: gives each request an id, counts and logs its end."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        line = Line(_id(scope), task_of(scope["path"]))
        started = time.perf_counter()
        try:
            await self.app(scope, _counting(receive, line), _noting(send, line))
        finally:
            line.ms = round(1000 * (time.perf_counter() - started), 1)
            self._tell(line)

    def _tell(self, line: Line) -> None:
        self.metrics.request(line.task, line.code)
        level = logging.DEBUG if line.task == "probe" else logging.INFO
        values = (line.id, line.task, line.bytes_in, line.bytes_out, line.ms, line.code)
        log.log(level, "%s %s in=%d out=%d ms=%.1f code=%d", *values, extra={"line": line})


def task_of(path: str) -> str:
    """What a request is about, from a short list, so that strangers cannot add names to the metrics."""
    from models.tasks import TASKS  # not with this module, which comes before the models at a start

    if path.startswith(_API) and (name := path.removeprefix(_API)) in TASKS:
        return name
    return next((task for prefix, task in _PREFIXES if path.startswith(prefix)), "page")


def _id(scope: Scope) -> str:
    """The id that the client, or a proxy before us, gave, when it is harmless; else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _TIDY_ID.fullmatch(given) else uuid.uuid4().hex[:16]


def _counting(receive: Receive, line: Line) -> Receive:
    async def counted() -> Message:
        message = await receive()
        line.bytes_in += len(message.get("body", b""))
        return message

    return counted


def _noting(send: Send, line: Line) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            line.code = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers["x-request-id"] = line.id
            message = {**message, "headers": headers.raw}
        line.bytes_out += len(message.get("body", b""))
        await send(message)

    return noted
