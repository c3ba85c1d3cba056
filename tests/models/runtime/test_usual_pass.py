"""One pass of usual size for each model that gets ready: while nobody asks, ended by whoever comes, never counted."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.catalog import Family
from models.engines import Compute
from models.errors import DeviceLost
from models.matting import Matting
from models.runtime import usual_pass
from models.runtime.fair_queue import FairQueue, ModelQueue
from models.runtime.resident import Resident
from models.runtime.usual_pass import UsualPasses
from models.weights.store import SAMPLES
from tests.helpers.standin import residents

PICTURE = np.full((256, 256, 3), 120, np.uint8)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usual_pass, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(usual_pass, "LOOK_SECONDS", 0.02)


@pytest.fixture
def ready() -> dict[Family, Resident[Any]]:
    made, shared = residents(), FairQueue()
    for resident in made.values():
        resident.queue = ModelQueue(shared=shared)
    return made


def test_every_model_has_one_pass_that_is_not_counted(ready: dict[Family, Resident[Any]]) -> None:
    made: list[Family] = []
    passes = UsualPasses(ready, lambda family, pipeline: made.append(family))
    passes.add(ready["cartoon"].slot(), None)
    passes.begin()
    for resident in ready.values():
        passes.add(resident.slot(), resident.load())
    wait_until(lambda: len(made) == 3)
    assert sorted(made) == ["cartoon", "emotion", "matting"]
    assert all(resident.status.served == 0 and resident.status.first_seconds is None for resident in ready.values())


def test_it_waits_while_somebody_asks_and_is_not_needed_after_an_answer(ready: dict[Family, Resident[Any]]) -> None:
    made: list[Family] = []
    passes = UsualPasses(ready, lambda family, pipeline: made.append(family))
    cartoon, matting = ready["cartoon"], ready["matting"]
    passes.begin()
    with matting.queue.enter():
        passes.add(cartoon.slot(), cartoon.load())
        passes.add(matting.slot(), matting.load())
        time.sleep(0.5)
        assert made == []
        cartoon.run(lambda pipeline: None)
    wait_until(lambda: made == ["matting"])


def test_models_other_than_the_defaults_make_theirs_where_there_is_much_memory(
    ready: dict[Family, Resident[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Family] = []
    passes = UsualPasses(ready, lambda family, pipeline: made.append(family))
    matting, shares = ready["matting"], iter([0.4, 0.6])
    monkeypatch.setattr(usual_pass, "free_share", lambda: next(shares))
    passes.begin()
    for variant in ("universal", "universal", matting.default):
        passes.add(matting.slot(variant), matting.load(variant))
    wait_until(lambda: len(made) == 2)
    assert next(shares, None) is None and matting.slot("universal").status.memory_mb is not None


def test_a_click_ends_the_pass_which_is_made_again(tmp_path: Path) -> None:
    """With a real network, which is stopped in its midst."""
    resident: Resident[Matting] = Resident("matting")
    queue, ended = resident.queue, []
    compute = Compute("f32", 2, tmp_path, queue.aside, queue.stoppable)
    resident.configure(lambda slot: Matting(SAMPLES / "matting", compute=compute))
    pipeline = resident.load()

    def run(family: Family, pipeline: Any) -> None:
        try:
            for _ in range(1 if ended else 10_000):
                pipeline.matte([PICTURE])
        finally:
            ended.append(time.monotonic())

    passes = UsualPasses({"matting": resident}, run)
    passes.begin()
    passes.add(resident.slot(), pipeline)
    wait_until(lambda: queue.running == 1)
    with queue.enter():
        assert len(ended) == 1
    wait_until(lambda: len(ended) == 2)
    assert resident.status.served == 0


def test_a_pass_that_fails_is_logged_and_ends_nothing(
    ready: dict[Family, Resident[Any]], caplog: pytest.LogCaptureFixture
) -> None:
    made: list[Family] = []

    def run(family: Family, pipeline: Any) -> None:
        made.append(family)
        if family == "cartoon":
            raise RuntimeError("no")

    passes = UsualPasses(ready, run)
    passes.begin()
    for family in ("cartoon", "matting"):
        passes.add(ready[family].slot(), None)
    wait_until(lambda: made == ["cartoon", "matting"])
    assert "a pass of usual size failed" in caplog.text


def test_a_gpu_that_is_lost_in_a_pass_is_told_of_before_anybody_asks(ready: dict[Family, Resident[Any]]) -> None:
    matting, lost = ready["matting"], []
    matting.configure(lambda slot: object(), lost=lost.append)

    def run(family: Family, pipeline: Any) -> None:
        raise DeviceLost("The GPU works no more.", reason="device_lost")

    passes = UsualPasses(ready, run)
    passes.begin()
    passes.add(matting.slot(), matting.load())
    wait_until(lambda: lost == [matting.slot()])
    assert matting.slot().pipeline is None and not matting.slot().is_ready
