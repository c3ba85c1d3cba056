"""On many cores two requests of a model are worked on at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import preload
import settings
from models.catalog import FAMILIES, Family
from models.emotion import probe_clip
from models.runtime.resident import Resident
from tests.helpers import pictures

ANSWERS = {
    "cartoon": lambda pipeline, n: pipeline.stylize([pictures.portrait(128 + 64 * n)])[0].image,
    "matting": lambda pipeline, n: pipeline.matte([pictures.portrait(128 + 64 * n)])[0],
    "emotion": lambda pipeline, n: pipeline.analyze([probe_clip(1 + n)])[0].scores,
}


def of_many_cores(task: Family, cache: Path) -> Resident[Any]:
    flags = ["--models", "sample", "--threads", "16", "--cache", str(cache)]
    options = settings.parse(flags, {})
    resident: Resident[Any] = Resident(task)
    resident.configure(partial(preload._build, settings=options, store=preload.store_of(options)))
    resident.queue.bound(running=preload.streams_of(options))
    return resident


@pytest.mark.parametrize("task", FAMILIES)
def test_two_requests_are_worked_on_at_once_and_answered_as_alone(task: Family, first_start: Path) -> None:
    resident, both_inside = of_many_cores(task, first_start), threading.Barrier(2, timeout=60)

    def beside_another(pipeline: Any, n: int) -> np.ndarray:
        both_inside.wait()
        return ANSWERS[task](pipeline, n)

    def ask(answer: Any, n: int) -> np.ndarray:
        return resident.run(lambda pipeline: answer(pipeline, n)).value

    alone = [ask(ANSWERS[task], n) for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(partial(ask, beside_another), range(2)))
    assert all(np.array_equal(one, two) for one, two in zip(alone, together, strict=True))


@pytest.mark.parametrize(("threads", "streams"), [(1, 1), (15, 1), (16, 2), (64, 8)])
def test_every_eight_threads_take_a_request(threads: int, streams: int) -> None:
    assert preload.streams_of(settings.parse(["--threads", str(threads)], {})) == streams
    assert preload.streams_of(settings.parse(["--threads", str(threads), "--engine", "reference"], {})) == 1
