"""The page and its assets, compressed once; Gradio compresses assets at every request, and the page itself never."""

import asyncio
import gzip
import re
from functools import lru_cache

import brotli
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.gradio_patches.whole_answers import WholeAnswer

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


class _Answer(WholeAnswer):
    def __init__(self, scope: Scope, send: Send) -> None:
        super().__init__(send)
        self._scope = scope
        self._encoding = _liked(Headers(scope=scope).get("accept-encoding", ""))

    def holds(self, status: int, headers: MutableHeaders) -> bool:
        if status == 200 and _is_hashed(self._scope):
            headers["cache-control"] = FOREVER
        return status == 200 and headers.get("content-type", "").startswith(TEXTS)

    async def changed(self, body: bytes, headers: MutableHeaders) -> bytes:
        headers.add_vary_header("Accept-Encoding")
        if not self._encoding or len(body) < SMALLEST:
            return body
        headers["content-encoding"] = self._encoding
        is_page = headers["content-type"].startswith("text/html")
        return await asyncio.to_thread(page if is_page else asset, body, self._encoding)


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
