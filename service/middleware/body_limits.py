"""The outermost layer: how large and how slow a body may be, who may send it, what every answer says to browsers."""

import asyncio
import logging
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.media import audio, images
from models.tasks import TASKS
from models.tasks.base import AnyTask
from models.tasks.options import options_of
from service.errors import NO_ROOM
from service.metrics import Metrics
from service.middleware.origin import foreign
from service.middleware.refusal import refuse

log = logging.getLogger(__name__)

FORM_BYTES: Final = 2**20  # what the other fields of a form may take, and every body that is no upload
SILENCE_SECONDS: Final = 20.0  # between two pieces of a body
# So much must come in each span that is spent waiting, or a few connections could stay for ever. A telephone at the
# edge of its network sends twice that; a span bridges a tunnel.
SPAN_SECONDS: Final = 30.0
SPAN_BYTES: Final = 30 * 4 * 2**10
JOBS: Final = "/api/v1/jobs/"
BATCHES_AT_ONCE: Final = 3  # being sent: their many small files lie in memory until they are whole


def _form_bytes(task: AnyTask) -> int:
    """The file, the pictures among the options, the other fields."""
    source = audio.MAX_BYTES if task.source == "audio" else images.MAX_BYTES
    pictures = sum(option.kind == "file" for option in options_of(task.options))
    return source + pictures * images.MAX_BYTES + FORM_BYTES


BODY_BYTES: Final = {
    **{f"/api/v1/{name}": _form_bytes(task) for name, task in TASKS.items()},
    **{f"{JOBS}{name}": audio.MAX_BYTES + FORM_BYTES for name in TASKS},
    "/gradio_api/upload": audio.MAX_BYTES + FORM_BYTES,
}
# Gradio makes its own scripts and styles inline, and compiles small functions.
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=()",
}
# Gradio builds the addresses in its pages from these; anybody may send them.
_POISON = (b"x-forwarded-host", b"x-gradio-server")
# A door to other hosts, and writers of files, that this page has no use for.
_CLOSED = ("/gradio_api/proxy=", "/gradio_api/process_recording", "/gradio_api/stream/", "/gradio_api/vibe")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


@dataclass(frozen=True)
class Refusal:
    """Why a request is turned away; `reason` is for the counter."""

    status: int
    code: str
    reason: str
    message: str


class BodyLimits:
    """Turns away what is too large, too slow or foreign before anything behind it sees it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self._batches = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_security_headers(send))
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(JOBS) or scope["method"] != "POST":
            await self._bounded(scope, receive, send)
        elif self._batches >= BATCHES_AT_ONCE:
            self.metrics.rejected("batches")
            await refuse(receive, send, 429, "busy", "Other batches are being sent; try again.", retry_after=5)
        else:
            self._batches += 1
            try:
                await self._bounded(scope, receive, send)
            finally:
                self._batches -= 1

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = BODY_BYTES.get(scope["path"], FORM_BYTES)
        refusal = _refusal(scope)
        if refusal is None:
            body = _Body(receive, send, limit, announced=_length(scope))
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _POISON]
            try:
                await self.app(scope, body.receive, body.send)
            # A refused body looks like a client that hung up, and the application may fail of that with anything.
            except Exception:
                if body.refusal is None:
                    raise
            refusal = body.refusal
            if body.answered:
                return
        if refusal is not None:
            self.metrics.rejected(refusal.reason)
            await refuse(receive, send, refusal.status, refusal.code, refusal.message)


class _Body:
    """One request's body on its way in: once refused, the application sees a client that went away."""

    def __init__(self, receive: Receive, send: Send, limit: int, *, announced: int) -> None:
        self._receive, self._send, self._limit, self._announced = receive, send, limit, announced
        self._size, self._whole = 0, False
        self._waited, self._span_bytes = 0.0, 0  # of the span under way; what the application takes is not waited for
        self.refusal: Refusal | None = None
        self.answered = False

    async def receive(self) -> Message:
        # Not sooner: an address or a method that does not exist is told before the size of what was sent there.
        if self._announced > self._limit:
            self.refusal = _too_large(self._limit)
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        started = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), SILENCE_SECONDS)
        except TimeoutError:
            return self._too_slow(f"Nothing more of the upload came for {SILENCE_SECONDS:.0f} seconds")
        self._waited += time.monotonic() - started
        self._span_bytes += len(message.get("body", b""))
        if self._waited > SPAN_SECONDS:
            if self._span_bytes < SPAN_BYTES and message.get("more_body", False):
                return self._too_slow(
                    f"The upload came at less than {SPAN_BYTES / SPAN_SECONDS / 1024:.0f} KB a second"
                )
            self._waited, self._span_bytes = 0.0, 0
        return self._counted(message)

    def _too_slow(self, what: str) -> Message:
        text = f"{what}: send it over a faster connection, or make the file smaller."
        self.refusal = Refusal(408, "too_slow", "upload_too_slow", text)
        return {"type": "http.disconnect"}

    def _counted(self, message: Message) -> Message:
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._size > self._limit:
            self.refusal = _too_large(self._limit)
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self.refusal is None or self.answered:
            self.answered = True
            await self._send(message)


def _length(scope: Scope) -> int:
    """What the header announces of the body, in bytes."""
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _refusal(scope: Scope) -> Refusal | None:
    """What the headers alone give away."""
    headers = Headers(scope=scope)
    if not _HOST.fullmatch(headers.get("host", "")):
        return Refusal(400, "bad_request", "bad_host", "The Host header is missing or malformed.")
    if "content-length" in headers and "transfer-encoding" in headers:
        return Refusal(400, "bad_request", "bad_length", "A body has one length: send Content-Length alone.")
    if scope["path"].startswith(_CLOSED):
        return Refusal(404, "not_found", "closed_route", "There is nothing here.")
    if text := foreign(scope):
        log.warning(text)
        return Refusal(403, "foreign_origin", "foreign_origin", text)
    if scope["path"] in BODY_BYTES and _length(scope) > shutil.disk_usage(tempfile.gettempdir()).free:
        return Refusal(507, "disk_full", "disk_full", NO_ROOM)
    return None


def _too_large(limit: int) -> Refusal:
    return Refusal(413, "too_large", "body_too_large", f"The request is larger than {limit // 2**20} MiB.")


def _with_security_headers(send: Send) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers.update(SECURITY_HEADERS)
            message = {**message, "headers": headers.raw}
        await send(message)

    return secured
