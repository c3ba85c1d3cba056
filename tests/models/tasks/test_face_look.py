"""The head of an ID photo is checked against the face that a warm cartoon model finds, and waits for none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from models.cartoon import Cartoon
from models.engines import Compute
from models.errors import DeviceFull, DeviceLost
from models.runtime.fair_queue import ModelQueue
from models.runtime.resident import Resident
from models.runtime.workspace import Workspace
from models.tasks.base import Call
from models.tasks.face_look import looker
from models.tasks.id_photo import ID_PHOTO, Options
from models.weights.store import SAMPLES
from tests.helpers.drawings import png, portrait, portrait_matte

LOOKS: dict[str, dict[str, Any]] = {
    "usual": {},
    "beard": {"beard": 350},
    "big hair": {"hair": (400, 430)},
    "both": {"beard": 400, "hair": (400, 430)},
}
CROWN, CHIN, HEIGHT = 170, 745, 575  # of the drawn face, whatever grows around it
NEAR = 0.15 * HEIGHT


class Drawn:
    """Mattes of the drawn person, who looks as the test says."""

    def __init__(self) -> None:
        self.look: dict[str, Any] = {}

    def matte(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        return [portrait_matte(**self.look) for _ in pictures]


@pytest.fixture(scope="module")
def cartoon(tmp_path_factory: pytest.TempPathFactory) -> Resident[Any]:
    made: Resident[Any] = Resident("cartoon", queue=ModelQueue(waiting=0))
    made.configure(
        lambda slot: Cartoon(SAMPLES / "cartoon", compute=Compute("f32", 2, tmp_path_factory.mktemp("kept")))
    )
    made.load()
    return made


@contextmanager
def told(look: dict[str, Any], cartoon: Resident[Any]) -> Iterator[Any]:
    """The pass over the person who looks so."""
    drawn, workspace = Drawn(), Workspace()
    drawn.look, workspace.cartoon = look, cartoon
    matting: Resident[Any] = Resident("matting", workspace=workspace)
    matting.configure(lambda slot: drawn)
    with ID_PHOTO.run(png(portrait(**look)), Options(), resident=matting, call=Call()) as passed:
        yield passed


@pytest.mark.parametrize("look", LOOKS)
def test_a_warm_cartoon_finds_the_head_below_any_hair_and_beard(look: str, cartoon: Resident[Any]) -> None:
    with told(LOOKS[look], cartoon) as passed:
        head, facts = passed.head, ID_PHOTO.encode(ID_PHOTO.finish(passed, Options()), Options()).facts
    assert abs(head.crown - CROWN) <= NEAR and abs(head.chin - CHIN) <= NEAR and head.sure
    assert facts["head"] == head.told == ("face" if "hair" in LOOKS[look] else "both")


def test_a_cold_or_busy_cartoon_is_not_waited_for(cartoon: Resident[Any]) -> None:
    cold: Resident[Any] = Resident("cartoon")
    cold.configure(lambda slot: pytest.fail("nobody asked for it"))
    with told(LOOKS["big hair"], cold) as passed:
        assert passed.head.told == "outline" and passed.head.crown < CROWN - NEAR
    with cartoon.queue.enter(), told(LOOKS["big hair"], cartoon) as passed:
        assert passed.head.told == "outline"
    with told(LOOKS["big hair"], cartoon) as passed:
        assert ID_PHOTO.remarks(passed, Options()) == ("id_face",)


class Failing:
    """A warm cartoon model that cannot look at faces."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def face_points(self, rgb: np.ndarray) -> list[np.ndarray]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (DeviceLost("The GPU works no more.", reason="device_lost"), "failed"),
        (DeviceFull("No memory.", reason="device_full"), "ready"),
        (RuntimeError("no kernel"), "ready"),
    ],
)
def test_a_look_that_fails_costs_the_photo_nothing_and_tells_of_a_lost_gpu(error: Exception, state: str) -> None:
    failing: Resident[Any] = Resident("cartoon")
    lost: list[Any] = []
    failing.configure(lambda slot: Failing(error), lost=lost.append)
    slot = failing.slot()
    slot.report(wanted=True)
    failing.load()
    for _ in range(2):
        with told(LOOKS["big hair"], failing) as passed:
            assert passed.head.told == "outline" and ID_PHOTO.finish(passed, Options()).head == "outline"
    assert (slot.status.state, slot.status.served) == (state, 0)
    assert lost == ([slot] if state == "failed" else [])
    assert failing.queue.running == 0


def test_a_look_is_no_request_of_the_cartoon_and_leaves_with_who_waits(cartoon: Resident[Any]) -> None:
    with told(LOOKS["usual"], cartoon) as passed:
        assert passed.head.told == "both"
    assert cartoon.status.served == 0
    call, find = Call(), looker(cartoon, Call())
    call.waiter.leave()
    assert len(find(portrait())) == 1 and looker(cartoon, call)(portrait()) == []
