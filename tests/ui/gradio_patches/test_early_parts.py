"""The page's first script stands at the start of its HTML, its top before what Gradio draws."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.testclient import TestClient

from ui.gradio_patches.early_parts import EarlyParts

PAGE = "<!doctype html><html><head><title>照片</title></head><body><gradio-app></gradio-app></body></html>"


def client() -> TestClient:
    app = FastAPI()
    app.get("/")(lambda: HTMLResponse(PAGE))
    app.get("/parts")(lambda: StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html"))
    app.get("/latin")(lambda: HTMLResponse("<head>é".encode("latin-1")))
    app.get("/json")(lambda: {"text": "<head>"})
    return TestClient(EarlyParts(app, head="<script>go()</script>", top=lambda: "<header>照片</header>"))


def test_html_gets_its_parts_and_its_new_length_whole_or_in_parts() -> None:
    for path in ("/", "/parts"):
        answer = client().get(path)
        begun = PAGE.replace("<head>", "<head><script>go()</script>")
        assert answer.text == begun.replace("<gradio-app>", "<header>照片</header><gradio-app>")
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_html_in_another_encoding_keeps_its_bytes() -> None:
    assert b"<head><script>go()</script>" + "é".encode("latin-1") in client().get("/latin").content


def test_anything_else_passes_unchanged() -> None:
    assert client().get("/json").json() == {"text": "<head>"}
