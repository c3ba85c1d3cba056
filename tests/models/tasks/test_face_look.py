"""The head of an ID photo is checked against the face that a warm cartoon model finds, and waits for none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from models.cartoon import Cartoon
from models.engines import Compute
from models.runtime.fair_queue import ModelQueue
from models.runtime.resident import Resident
from models.runtime.workspace import Workspace
from models.tasks.base import Call
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
