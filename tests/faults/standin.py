"""The real program on easy pipelines, with switches for faults: weights that are really looked for, a planted leak,
frequent cleaning, and a tally of how many are inside a model at once. The switches exist in this stand-in alone."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import app
import preload
from models.cartoon import Stylized
from models.finish.emotion_report import Analysis
from models.runtime.resident import Slot
from models.weights.hub import Patience
from models.weights.store import Store
from service.ops import cleanup
from tests.helpers.standin import Easy

LEAK_BYTES = int(os.environ.get("FAULTS_LEAK_BYTES", 0))  # kept for ever at every answer
LOOK_SECONDS = float(os.environ.get("FAULTS_LOOK_SECONDS", 0))  # how often old uploads are looked for
WEIGHTS = bool(os.environ.get("FAULTS_WEIGHTS"))
PATIENCE = replace(Patience(), pause=float(os.environ.get("FAULTS_PAUSE", Patience.pause)))  # between tries of the hub
TALLY = os.environ.get("FAULTS_TALLY")
NAMES = os.environ.get("FAULTS_NO_NAMES")


class Tallied(Easy):
    """Easy, but counted; the most that were inside at once stands in the file TALLY."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = self._most = 0
        self._kept: list[bytes] = []

    def stylize(self, pictures: list[np.ndarray]) -> list[Stylized]:
        with self._counted():
            return super().stylize(pictures)

    def matte(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        with self._counted():
            return super().matte(pictures)

    def analyze(self, waveforms: list[np.ndarray]) -> list[Analysis]:
        with self._counted():
            return super().analyze(waveforms)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if LEAK_BYTES:
            self._kept.append(b"x" * LEAK_BYTES)
        with self._lock:
            self._inside += 1
            if self._inside > self._most and TALLY:
                self._most = self._inside
                Path(TALLY).write_text(str(self._most))
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1


def build(slot: Slot[Any], *, store: Store, **_: object) -> Easy:
    slot.report(engine="standin", source="sample", revision="sample")
    if WEIGHTS:
        with slot.stage("fetching"):
            located = replace(store, patience=PATIENCE).locate(
                slot.model,
                progress=lambda done, total: slot.report(bytes_done=done),
                again=slot.failures > 0,
            )
            slot.report(source=located.source, revision=located.revision)
        with slot.stage("loading"):
            time.sleep(0.3)
    return Tallied()


def lose_names(names: Path) -> None:
    """From now on `localhost` is not found as long as there is a file `names`."""
    find = socket.getaddrinfo

    def find_unless_lost(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "localhost" and names.exists():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return find(host, *arguments, **options)

    socket.getaddrinfo = find_unless_lost


if __name__ == "__main__":
    preload._build = build
    if NAMES:
        lose_names(Path(NAMES))
    if LOOK_SECONDS:
        cleanup.ROUND_SECONDS = LOOK_SECONDS
    if os.environ.get("STANDIN_PAGE") == "no":
        app.mount_page = lambda *_: None
    app.main()
