"""Clients who ask again as soon as they are answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import numpy as np

import preload
from benchmarks import inputs
from benchmarks.inputs import ask

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


class InProcess:
    """The resident itself: arrays in, arrays out. Each client's last answer is kept, by task and client."""

    def __init__(self, values: Mapping[str, np.ndarray] | None = None) -> None:
        self._values = arrays() if values is None else values
        self.answers: dict[tuple[str, int], np.ndarray] = {}

    def __call__(self, task: str, client: int) -> None:
        resident = preload.RESIDENTS[task]  # type: ignore[index]
        answer = resident.run(lambda pipeline: ask(pipeline, task)(self._values[task]), visitor=str(client))
        self.answers[task, client] = answer.value


def tasks_of(clients: int, among: Sequence[str]) -> list[str]:
    """So many clients, spread evenly."""
    return [among[number % len(among)] for number in range(clients)]


def done(load: Load, seconds_each: Mapping[str, float]) -> float:
    """Work done per second of clock; 1 is what one client alone gets, who needs `seconds_each`."""
    return sum(len(waits) * seconds_each[task] for (task, _), waits in load.answers.items()) / load.seconds
