"""The doors that benchmarks' clients come through over HTTP.

Client number N comes from the address 127.0.0.N+1, so that the server takes each for a visitor of its own.
"""

import json
from typing import Any

import httpx
import numpy as np

from benchmarks.crowd import Refused, arrays
from models.media import audio, images

PATIENCE_S = 300.0  # of a client, for one answer


def files() -> dict[str, bytes]:
    """The same as files."""
    return {task: encoded(task, value) for task, value in arrays().items()}


def encoded(task: str, value: np.ndarray) -> bytes:
    return audio.encode_wav(value) if task == "emotion" else images.encode(value, "jpg")


def field_of(task: str) -> str:
    """What REST calls the file."""
    return "audio" if task == "emotion" else "image"


class Rest:
    """`POST /api/v1/TASK`; `stages` collects what Server-Timing tells, in ms."""

    def __init__(self, address: str) -> None:
        self._clients, self._files = Clients(address), files()
        self.stages: dict[str, list[dict[str, float]]] = {task: [] for task in self._files}

    def __call__(self, task: str, client: int) -> None:
        sent = {field_of(task): self._files[task]}
        answer = checked(self._clients[client].post(f"/api/v1/{task}", files=sent))
        stages = (stage.split(";dur=") for stage in answer.headers["Server-Timing"].split(", "))
        self.stages[task].append({name: float(duration) for name, duration in stages})


class Page:
    """As a browser does: the file is uploaded, a job put in Gradio's queue, its events heard, the result fetched."""

    def __init__(self, address: str) -> None:
        self._clients, self._files = Clients(address), files()
        told = checked(self._clients[0].get("/gradio_api/info")).json()["named_endpoints"]
        self._defaults = {
            name.strip("/"): [parameter.get("parameter_default") for parameter in endpoint["parameters"][1:]]
            for name, endpoint in told.items()
        }

    def payload(self, path: str) -> Any:
        return {"path": path, "meta": {"_type": "gradio.FileData"}}

    def __call__(self, task: str, client: int) -> None:
        browser, name = self._clients[client], "voice.wav" if task == "emotion" else "photo.jpg"
        path = checked(browser.post("/gradio_api/upload", files={"files": (name, self._files[task])})).json()[0]
        job = {"data": [self.payload(path), *self._defaults[task]]}
        event = checked(browser.post(f"/gradio_api/call/{task}", json=job)).json()["event_id"]
        told = checked(browser.get(f"/gradio_api/call/{task}/{event}")).text
        if "event: complete" not in told:
            raise Refused(told.partition("data: ")[2].strip()[:80] or "no answer")
        first = json.loads(told.rpartition("data: ")[2])[0]
        if isinstance(first, dict) and "path" in first:
            checked(browser.get(f"/gradio_api/file={first['path']}"))


class StockPage(Page):
    """The same to the stock app of naive_app.py, whose handlers take a path and give no picture back."""

    def payload(self, path: str) -> Any:
        return path


class Clients(dict[int, httpx.Client]):
    """One keep-alive connection for each client, from an address of its own."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __missing__(self, client: int) -> httpx.Client:
        source = httpx.HTTPTransport(local_address=f"127.0.0.{client + 1}")
        return self.setdefault(client, httpx.Client(base_url=self._address, timeout=PATIENCE_S, transport=source))


def checked(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 400:
        raise Refused(str(answer.status_code))
    return answer
