"""Texts of the page come compressed, hashed assets for good; everything else as it was."""

import gzip
from typing import Any

import brotli
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from fastapi.testclient import TestClient

from ui.gradio_patches import compression

PAGE = "<!doctype html>" + "<p>照片</p>" * 200
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.get("/")(lambda: HTMLResponse(PAGE))
    app.get("/parts")(lambda: StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html"))
    app.get("/small")(lambda: HTMLResponse("<p>"))
    app.get("/assets/missing-12345678.js")(lambda: PlainTextResponse("no", 404))
    app.get("/assets/{name}")(lambda name: Response(PAGE, media_type="text/javascript"))
    app.get("/theme.css")(lambda: Response(PAGE, media_type="text/css"))
    app.get("/gradio_api/queue/data")(lambda: StreamingResponse(iter([PAGE]), media_type="text/event-stream"))
    app.get("/gradio_api/file=own.html")(lambda: HTMLResponse(PAGE))
    return TestClient(compression.Compression(app))


def raw(client: TestClient, path: str, accepted: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it was sent."""
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/parts", "/assets/core-Bdx9080F.js", "/theme.css"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
def test_texts_are_sent_as_the_browser_likes(client: TestClient, path: str, accepted: str, encoding: str) -> None:
    answer, body = raw(client, path, accepted)
    assert answer.headers.get("content-encoding") == encoding and answer.headers["vary"] == "Accept-Encoding"
    assert DECODED[encoding](body) == PAGE.encode() and int(answer.headers["content-length"]) == len(body)


@pytest.mark.parametrize(("path", "kept"), [("/", compression.page), ("/theme.css", compression.asset)])
def test_the_same_text_is_compressed_once(client: TestClient, path: str, kept: Any) -> None:
    raw(client, path, "br")
    before = kept.cache_info()
    raw(client, path, "br")
    after = kept.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


@pytest.mark.parametrize("path", ["/gradio_api/queue/data", "/gradio_api/file=own.html", "/small"])
def test_events_visitors_files_and_small_texts_pass(client: TestClient, path: str) -> None:
    assert "content-encoding" not in raw(client, path, "br")[0].headers


def test_only_what_is_named_by_its_content_is_kept_for_good(client: TestClient) -> None:
    for path in ("/assets/core-Bdx9080F.js", "/assets/Index-Akn07EZk2.js", "/theme.css?v=1f"):
        assert client.get(path).headers["cache-control"] == compression.FOREVER
    for path in ("/", "/assets/plain.js", "/theme.css", "/assets/missing-12345678.js"):
        assert "cache-control" not in client.get(path).headers
