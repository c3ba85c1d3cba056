"""Clients who ask again as soon as they are answered, and the doors they come through.

Client number N comes from the address 127.0.0.N+1, so that the server takes each for a visitor of its own.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np

import preload
from benchmarks import inputs
from benchmarks.latency import ask
from models.media import audio, images

PATIENCE_S = 300.0  # of a client, for one answer
PAUSE_S = 0.5  # of a client that was refused

Door = Callable[[str, int], None]


class Refused(Exception):
    """No answer: a refusal or a failure, and its name."""


@dataclass
class Load:
    """What came of a crowd: seconds of every answer by (task, client), what was refused by reason, seconds in all."""

    answers: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def waits(self, task: str | None = None) -> list[float]:
        return [wait for (of, _), waits in self.answers.items() if task in (None, of) for wait in waits]


def crowd(load: Load, door: Door, tasks: Sequence[str], *, seconds: float, least: int = 2) -> None:
    """One client per entry of `tasks`, asking until the time is over and at least `least` times; adds to `load`.

    At least twice, because in a line that is only just forming the first ones hardly wait.
    """
    start = time.perf_counter()

    def client(number: int, task: str) -> None:
        waits, asked = load.answers.setdefault((task, number), []), 0
        while asked < least or time.perf_counter() < start + seconds:
            began, asked = time.perf_counter(), asked + 1
            try:
                door(task, number)
                waits.append(time.perf_counter() - began)
            except (Refused, httpx.HTTPError) as error:
                load.refused[str(error) or type(error).__name__] += 1
                time.sleep(PAUSE_S)

    threads = [threading.Thread(target=client, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds += time.perf_counter() - start


def arrays() -> dict[str, np.ndarray]:
    """What is asked, by task: a photo of 512 px, with a face for the cartoon, and a clip of 4 s."""
    return {"cartoon": inputs.picture(512, 1), "matting": inputs.picture(512), "emotion": inputs.clip(4)}


def files() -> dict[str, bytes]:
    """The same as files."""
    return {task: encoded(task, value) for task, value in arrays().items()}


def encoded(task: str, value: np.ndarray) -> bytes:
    return audio.encode_wav(value) if task == "emotion" else images.encode(value, "jpg")


def field_of(task: str) -> str:
    """What REST calls the file."""
    return "audio" if task == "emotion" else "image"


class InProcess:
    """The resident itself: arrays in, arrays out."""

    def __init__(self) -> None:
        self._values = arrays()

    def __call__(self, task: str, client: int) -> None:
        resident = preload.RESIDENTS[task]  # type: ignore[index]
        resident.run(lambda pipeline: ask(pipeline, task)(self._values[task]), visitor=str(client))


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


def tasks_of(clients: int, among: Sequence[str]) -> list[str]:
    """So many clients, spread evenly."""
    return [among[number % len(among)] for number in range(clients)]


def done(load: Load, seconds_each: Mapping[str, float]) -> float:
    """Work done per second of clock; 1 is what one client alone gets, who needs `seconds_each`."""
    return sum(len(waits) * seconds_each[task] for (task, _), waits in load.answers.items()) / load.seconds
