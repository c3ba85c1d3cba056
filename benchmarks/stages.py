"""Where the time of one request goes: the server's own stages, the steps of its pipeline, and the networks inside."""

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from starlette.testclient import TestClient

import preload
from benchmarks import bench, inputs
from models.engines.openvino import Session
from models.media import audio, images
from service import server

METHODS = {"cartoon": "stylize", "matting": "matte", "emotion": "analyze"}
BETWEEN = "between"


@dataclass
class Passes:
    """Of every pass through a network: the session, and when it began and ended."""

    sessions: list[Session] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> list[float]:
        return [end - start for start, end in zip(self.began, self.ended, strict=True)]


@contextmanager
def networks_timed() -> Iterator[Passes]:
    """Every pass through a network inside the block."""
    passes, run = Passes(), Session.run

    def timed(self: Session, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        passes.sessions.append(self)
        passes.began.append(time.perf_counter())
        answer = run(self, arrays)
        passes.ended.append(time.perf_counter())
        return answer

    with mock.patch.object(Session, "run", timed):
        yield passes


def cases(quick: bool) -> dict[str, tuple[str, np.ndarray]]:
    """Task and input by name: those that the targets speak of, and the largest."""
    found = {
        "cartoon 1 face 1024 px": ("cartoon", inputs.picture(1024, 1)),
        "matting 512 px": ("matting", inputs.picture(512)),
        "emotion 4 s": ("emotion", inputs.clip(4)),
    }
    large = {
        "cartoon 3 faces 2048 px": ("cartoon", inputs.picture(2048, 3)),
        "matting 2048 px": ("matting", inputs.picture(2048)),
        "emotion 60 s": ("emotion", inputs.clip(60)),
    }
    return found if quick else found | large


def tables(given: bench.Options) -> dict[str, list[dict[str, Any]]]:
    """Medians of whole requests to the REST routes: file bytes in, file bytes out."""
    bench.ready(given, given.only)
    whole, inside = [], []
    with tempfile.TemporaryDirectory() as folder:
        service = server.create(preload.RESIDENTS, Path(folder) / "uploads", retention_minutes=30)
        client = TestClient(service.layered())
        for name, (task, value) in cases(given.quick).items():
            if task in given.only:
                rows = _requests(client, task, value, given.quick)
                whole.append(_medians(name, [stages for stages, _ in rows]))
                if task == "cartoon":
                    inside.append(_medians(name, [networks for _, networks in rows]))
    return {"Stages of one request": whole, "Inside forward": inside}


def _medians(name: str, rows: list[dict[str, float]]) -> dict[str, Any]:
    return {"case": name} | {
        f"{stage} ms": bench.ms(statistics.median(row[stage] for row in rows)) for stage in rows[0]
    }


def _requests(
    client: TestClient, task: str, value: np.ndarray, quick: bool
) -> list[tuple[dict[str, float], dict[str, float]]]:
    """One request to warm up, then several or as many as ten seconds hold, at least three."""
    kind = "audio" if task == "emotion" else "image"
    data = audio.encode_wav(value) if task == "emotion" else images.encode(value, "jpg")
    _one(client, task, kind, data)
    rows, end = [], time.perf_counter() + (3 if quick else 10)
    while len(rows) < 3 or (time.perf_counter() < end and len(rows) < 15):
        rows.append(_one(client, task, kind, data))
    return rows


def _one(client: TestClient, task: str, kind: str, data: bytes) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds by stage, as the server tells them and as its pipeline was seen to work; seconds in each network."""
    pipeline = preload.RESIDENTS[task].load()  # type: ignore[index]
    with networks_timed() as passes, _method_timed(pipeline, METHODS[task]) as spans:
        start = time.perf_counter()
        answer = client.post(f"/api/v1/{task}", files={kind: data})
        whole = time.perf_counter() - start
    answer.raise_for_status()
    told = dict(entry.strip().split(";dur=") for entry in answer.headers["Server-Timing"].split(","))
    stages = {name: float(ms) / 1e3 for name, ms in told.items()}
    ((entered, left),) = spans
    split = {
        "decode": stages["decode"],
        "queue": stages["queue"],
        "preprocess": passes.began[0] - entered,
        "forward": passes.ended[-1] - passes.began[0],
        "postprocess": left - passes.ended[-1],
        "finish": stages["finish"],
        "encode": stages["encode"],
        "HTTP": whole - sum(stages.values()),
        "all": whole,
    }
    return split, _by_network(pipeline, passes, split["forward"])


@contextmanager
def _method_timed(pipeline: Any, name: str) -> Iterator[list[tuple[float, float]]]:
    """When a method of the pipeline was entered and left."""
    spans: list[tuple[float, float]] = []
    method = getattr(pipeline, name)

    def timed(values: list[np.ndarray]) -> Any:
        entered = time.perf_counter()
        answer = method(values)
        spans.append((entered, time.perf_counter()))
        return answer

    with mock.patch.object(pipeline, name, timed):
        yield spans


def _by_network(pipeline: Any, passes: Passes, forward: float) -> dict[str, float]:
    """Seconds in each network of the pipeline, by its name there, and between them."""
    names = {id(value): name for name, value in vars(pipeline).items() if isinstance(value, Session)}
    found: defaultdict[str, float] = defaultdict(float)
    for session, seconds in zip(passes.sessions, passes.seconds, strict=True):
        found[names[id(session)]] += seconds
    return found | {BETWEEN: forward - sum(found.values())}
