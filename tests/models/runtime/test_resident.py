import threading
import time

import pytest

from models.errors import BadField, DeviceLost, NotReady
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


def test_a_model_whose_device_is_lost_is_told_of_once_and_loaded_again() -> None:
    built, lost = [], []

    def build(slot: Slot[Echo]) -> Echo:
        built.append(Echo())
        return built[-1]

    def fail(echo: Echo) -> int:
        raise DeviceLost("The GPU works no more.", reason="device_lost")

    matting: Resident[Echo] = Resident("matting")
    matting.configure(build, lost=lost.append)
    slot, first = matting.slot(), matting.load()
    with pytest.raises(DeviceLost):
        matting.run(fail)
    assert (lost, slot.status.state, matting.status.error) == ([slot], "failed", "The GPU works no more.")
    assert matting.load(again=True) is not first
    # What another request on the old one meets afterwards is no news.
    assert not slot.drop(DeviceLost("Again.", reason="device_lost"), first)
    assert matting.run(lambda echo: echo.answer(3)).value == 3


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
