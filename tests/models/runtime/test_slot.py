"""One set of weights: what is told of its state, when it is tried again, and what the log says of a start."""

import logging
import threading

import pytest

from models.catalog import CATALOG
from models.errors import NotReady, WeightsError
from models.runtime.resident import Resident
from models.runtime.slot import ASK_SECONDS, Slot

ANIME, SKETCH = CATALOG["cartoon"]["anime"], CATALOG["cartoon"]["sketch"]


class Failing:
    """A loader that fails, so many times, and the clock of its slot."""

    def __init__(self, *, times: int, error: Exception | None = None) -> None:
        self.left, self.error = times, error or WeightsError("The file is damaged.", reason="damaged_file")
        self.at, self.tries = 100.0, 0

    def now(self) -> float:
        return self.at

    def __call__(self, slot: Slot[str]) -> str:
        self.tries += 1
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return "pipeline"


def test_a_failure_is_told_for_a_moment_and_tried_again_by_whoever_asks_later() -> None:
    build = Failing(times=2)
    slot: Slot[str] = Slot(ANIME, wanted=True, now=build.now)
    for _ in range(3):
        with pytest.raises(WeightsError):
            slot.load(build)
    assert (build.tries, slot.status.state, slot.status.error) == (1, "failed", "The file is damaged.")
    with pytest.raises(WeightsError):
        slot.load(build, again=True)
    build.at += ASK_SECONDS
    assert slot.load(build) == "pipeline"
    assert (build.tries, slot.status.state, slot.status.error, slot.error) == (3, "ready", None, None)


def test_the_traceback_of_one_error_is_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    build = Failing(times=3, error=RuntimeError("/secret/path"))
    slot: Slot[str] = Slot(ANIME, wanted=True)
    for _ in range(3):
        with pytest.raises(NotReady):
            slot.load(build, again=True)
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    assert "secret" not in str(slot.status.error)


def test_a_model_that_nobody_wants_warm_is_pending_again_once_its_failure_was_told() -> None:
    slot: Slot[str] = Slot(SKETCH)
    with pytest.raises(WeightsError):
        slot.load(Failing(times=1))
    assert (slot.status.state, slot.status.error) == ("pending", None)
    assert "damaged" in str(slot.error)


def test_the_log_tells_a_start_stage_by_stage(caplog: pytest.LogCaptureFixture) -> None:
    def build(slot: Slot[str]) -> str:
        with slot.stage("fetching"):
            for done in range(0, 101, 5):
                slot.report(bytes_done=done * 10**6, bytes_total=10**8)
        with slot.stage("loading"):
            pass
        with slot.stage("warming"):
            slot.report(source="hub")
        return "pipeline"

    with caplog.at_level(logging.INFO):
        Slot[str](ANIME).load(build)
    told = [record.getMessage() for record in caplog.records]
    tenths = [f"cartoon-anime: fetching {tenth} % of 100 MB" for tenth in range(0, 101, 10)]
    assert told[:12] == ["cartoon-anime: fetching", *tenths]
    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in (told[12], told[14])] == [
        "cartoon-anime: fetching took",
        "cartoon-anime: loading took",
    ]
    assert (told[13], told[15]) == ("cartoon-anime: loading", "cartoon-anime: warming")
    assert told[16].startswith("cartoon-anime warmed up, answered in ") and told[16].endswith(" ms")
    assert told[17].startswith("cartoon-anime ready from hub in ") and len(told) == 18


def test_a_request_during_a_slow_retry_waits_for_it_and_does_not_hear_the_old_error() -> None:
    inside, go, tries = threading.Event(), threading.Event(), []

    def build(slot: Slot[str]) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise WeightsError("The file is damaged.", reason="damaged_file")
        with slot.stage("loading"):
            inside.set()
            go.wait(30)
        return "pipeline"

    cartoon: Resident[str] = Resident("cartoon")
    cartoon.configure(build)
    with pytest.raises(WeightsError):
        cartoon.await_ready()
    retry = threading.Thread(target=cartoon.load, kwargs={"again": True})
    retry.start()
    inside.wait(30)
    with pytest.raises(NotReady, match="is loading; try again"):
        cartoon.await_ready(patience=0.01)
    go.set()
    cartoon.await_ready(patience=30)
    retry.join()
    assert cartoon.run(str.upper).value == "PIPELINE" and len(tries) == 2
