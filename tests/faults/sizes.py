"""Photos and recordings of ever new sizes: memory stays where the hundredth has left it, and a large photo gives its
own back."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from models.media.audio import encode_wav
from service.server import GIVING_BACK_SECONDS
from tests.faults.servers import Figure, Running, at_most, none, server, told
from tests.helpers.picture_makers import saved
from tests.helpers.pictures import landscape
from tests.helpers.recording_makers import voice

SIDES = (200, 1400)  # pixels
SECONDS = (0.5, 20.0)
SETTLED = 100  # sizes, before memory is compared
GROWTH_MB = 60.0
LARGE = (3840, 2160)


def new_sizes(folder: Path, *, count: int, chance: random.Random) -> list[Figure]:
    """The real program on the sample models: `count` sizes of each task, none of them twice."""
    with server(folder, "--models", "sample", program="app.py") as running:
        running.ready()
        figures = [
            *_growth(running, "cartoon", "image", _pictures(chance), count),
            *_growth(running, "matting", "image", _pictures(chance), count),
            *_growth(running, "emotion", "audio", _recordings(chance), count),
        ]
        return figures + [_given_back(running, task) for task in ("cartoon", "matting")]


def _growth(running: Running, task: str, field: str, make: Callable[[], bytes], count: int) -> list[Figure]:
    marks, refused = {0: _at_rest(running)}, []
    for number in range(1, count + 1):
        refused += _refusals(running, task, field, make())
        if number == SETTLED or number % max(1, count // 5) == 0:
            marks[number] = _at_rest(running)
    last = max(marks)
    return [
        none(f"{task}: of {count} new sizes not answered", refused),
        told(f"{task}: MB after so many", " · ".join(f"{number}: {used:.0f}" for number, used in marks.items())),
        at_most(f"{task}: growth after the {SETTLED}th", marks[last] - marks[min(SETTLED, last)], GROWTH_MB, "MB"),
    ]


def _given_back(running: Running, task: str) -> Figure:
    before = _at_rest(running)
    _refusals(running, task, "image", _picture(*LARGE))
    return at_most(f"{task}: kept after one photo of {LARGE[0]} px", _at_rest(running) - before, GROWTH_MB, "MB")


def _at_rest(running: Running) -> float:
    time.sleep(GIVING_BACK_SECONDS + 1)
    return running.memory_mb()


def _refusals(running: Running, task: str, field: str, data: bytes) -> list[str]:
    """What the server said in the place of a result, if it did."""
    answer = httpx.post(f"{running.address}/api/v1/{task}", files={field: data}, timeout=120)
    return [] if answer.status_code == 200 else [f"{answer.status_code}: {answer.text}"]


def _pictures(chance: random.Random) -> Callable[[], bytes]:
    return lambda: _picture(chance.randint(*SIDES), chance.randint(*SIDES))


def _picture(width: int, height: int) -> bytes:
    return saved(Image.fromarray(landscape()).resize((width, height)), "JPEG")


def _recordings(chance: random.Random) -> Callable[[], bytes]:
    long = voice(seconds=SECONDS[1])
    return lambda: encode_wav(np.ascontiguousarray(long[: int(16_000 * chance.uniform(*SECONDS))]))
