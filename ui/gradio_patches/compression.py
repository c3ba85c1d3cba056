"""The page and its assets, compressed once; Gradio compresses assets at every request, and the page itself never."""

import asyncio
import gzip
import re
from functools import lru_cache

import brotli
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUALITY = 9  # of brotli: a tenth smaller than Gradio's 4, for 10 ms per 100 KB, once
SMALLEST = 400  # bytes
ASSETS, PAGES = 256, 8  # kept: a page has about a hundred assets; its HTML has the address in it that it was asked at
TEXTS = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")
HASHED = re.compile(r"/assets/[^/]+-[\w-]{8,9}\.\w+$")
FOREVER = "public, max-age=31536000, immutable"


class Compression:
    """Holds texts of the page until they are whole, and sends them compressed as the browser likes; lets it keep for
    good what has its hash in its name. Events, results and visitors' files pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = scope["type"] == "http" and scope["method"] == "GET" and "/gradio_api/" not in scope["path"]
        await self.app(scope, receive, _Answer(scope, send).send if own else send)


class _Answer:
    def __init__(self, scope: Scope, send: Send) -> None:
        self._send, self._scope = send, scope
        self._encoding = _liked(Headers(scope=scope).get("accept-encoding", ""))
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        if start["status"] == 200 and _is_hashed(self._scope):
            headers["cache-control"] = FOREVER
        start = {**start, "headers": headers.raw}
        if start["status"] == 200 and headers.get("content-type", "").startswith(TEXTS):
            self._start = start
        else:
            await self._send(start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        headers.add_vary_header("Accept-Encoding")
        if self._encoding and len(self._body) >= SMALLEST:
            is_page = headers["content-type"].startswith("text/html")
            self._body = await asyncio.to_thread(page if is_page else asset, self._body, self._encoding)
            headers["content-encoding"] = self._encoding
        headers["content-length"] = str(len(self._body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": self._body})


def compressed(body: bytes, encoding: str) -> bytes:
    """`body` as `br` or `gzip`."""
    return brotli.compress(body, quality=QUALITY) if encoding == "br" else gzip.compress(body, mtime=0)


page, asset = lru_cache(PAGES)(compressed), lru_cache(ASSETS)(compressed)


def _liked(accepted: str) -> str | None:
    """The best of ours that is accepted; what comes with a weight of 0 is refused."""
    wishes = [wish.strip().partition(";") for wish in accepted.split(",")]
    names = {name.strip() for name, _, weight in wishes if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)}
    return next((encoding for encoding in ("br", "gzip") if encoding in names), None)


def _is_hashed(scope: Scope) -> bool:
    """Named or asked for by its content."""
    path = scope["path"]
    by_query = path.endswith("/theme.css") and "v" in QueryParams(scope["query_string"])
    return by_query or bool(HASHED.search(path))
