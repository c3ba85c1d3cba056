import threading
import time

import pytest

from models.errors import BadField, NotReady, WeightsError
from models.runtime import resident
from models.runtime.resident import Resident, Slot


class Echo:
    def answer(self, value: int) -> int:
        return value


def test_many_callers_load_a_model_once() -> None:
    built: list[str] = []

    def build(slot: Slot[Echo]) -> Echo:
        built.append(slot.model.key)
        time.sleep(0.05)
        return Echo()

    matting: Resident[Echo] = Resident("matting")
    matting.configure(build)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(matting.run(lambda echo: echo.answer(n)).value))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == ["matting-portrait"]
    assert sorted(answers) == list(range(16))
    assert matting.status.state == "ready"
    assert matting.status.served == 16


def test_states_and_seconds_are_told_while_loading() -> None:
    seen: list[str] = []

    def build(slot: Slot[Echo]) -> Echo:
        for stage in resident.STAGES:
            with slot.stage(stage):
                seen.append(slot.status.state)
        return Echo()

    cartoon: Resident[Echo] = Resident("cartoon")
    assert cartoon.status.state == "pending"
    cartoon.configure(build)
    cartoon.load()
    assert seen == ["fetching", "loading", "warming"]
    assert set(cartoon.status.seconds) == {"fetching", "loading", "warming"}


def test_a_failure_is_told_and_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def build(slot: Slot[Echo]) -> Echo:
        attempts.append(1)
        if len(attempts) == 1:
            raise WeightsError("model.pt is cut short; fetch it again.", reason="damaged_file")
        return Echo()

    emotion: Resident[Echo] = Resident("emotion")
    emotion.configure(build)
    for _ in range(2):
        with pytest.raises(WeightsError):
            emotion.load()
    assert (len(attempts), emotion.status.state) == (1, "failed")
    assert "cut short" in str(emotion.status.error)
    monkeypatch.setattr(resident, "RETRY_SECONDS", 0)
    emotion.load()
    assert (emotion.status.state, emotion.status.error) == ("ready", None)


def test_an_unexpected_error_shows_nothing_of_its_inside() -> None:
    def build(slot: Slot[Echo]) -> Echo:
        raise RuntimeError("/secret/path")

    emotion: Resident[Echo] = Resident("emotion")
    emotion.configure(build)
    with pytest.raises(NotReady):
        emotion.load()
    assert "secret" not in str(emotion.status.error)


def test_variants_are_loaded_on_first_use_and_unknown_ones_refused() -> None:
    cartoon: Resident[Echo] = Resident("cartoon")
    cartoon.configure(lambda slot: Echo())
    cartoon.run(lambda echo: echo.answer(1), variant="sketch")
    assert cartoon.slot("sketch").status.state == "ready"
    assert cartoon.status.state == "pending"
    with pytest.raises(BadField, match="anime, 3d"):
        cartoon.run(lambda echo: echo.answer(1), variant="cubist")


def test_a_model_that_loads_for_longer_than_one_waits_refuses_and_is_ready_later() -> None:
    cartoon, go = Resident[Echo]("cartoon"), threading.Event()

    def build(slot: Slot[Echo]) -> Echo:
        with slot.stage("loading"):
            go.wait()
        return Echo()

    cartoon.configure(build)
    with pytest.raises(NotReady, match="loading"):
        cartoon.await_ready(patience=0)
    go.set()
    cartoon.await_ready()
    assert cartoon.status.state == "ready"
