"""The page's first script stands at the start of its HTML."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.testclient import TestClient

from ui.gradio_patches.head_script import EarlyScript

PAGE = "<!doctype html><html><head><title>照片</title></head></html>"


def client() -> TestClient:
    app = FastAPI()
    app.get("/")(lambda: HTMLResponse(PAGE))
    app.get("/parts")(lambda: StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html"))
    app.get("/json")(lambda: {"text": "<head>"})
    return TestClient(EarlyScript(app, "go()"))


def test_html_gets_the_script_and_its_new_length_whole_or_in_parts() -> None:
    for path in ("/", "/parts"):
        answer = client().get(path)
        assert answer.text == PAGE.replace("<head>", "<head><script>go()</script>")
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_anything_else_passes_unchanged() -> None:
    assert client().get("/json").json() == {"text": "<head>"}
