"""From a file to the file of its result: stages, bounds, and what is known of the run."""

from typing import Any

import numpy as np
import pytest

from models.errors import BadImage
from models.runtime.resident import Resident
from models.tasks.base import STAGES, Call, File
from models.tasks.cartoon import CARTOON, Options
from models.tasks.matting import MATTING
from tests.helpers.picture_makers import PNG, quarters
from tests.helpers.standin import residents


@pytest.fixture
def resident() -> Resident[Any]:
    return residents()["cartoon"]


def test_an_answer_counts_every_stage_and_names_its_model(resident: Resident[Any]) -> None:
    call = Call("someone")
    file = CARTOON.answer(PNG, Options(), resident=resident, call=call)
    assert (file.name, file.media_type, file.facts) == ("cartoon.png", "image/png", {"faces": 0})
    assert call.seconds.keys() == set(STAGES)
    assert call.status and (call.status.source, call.status.served) == ("sample", 1)


def test_one_pass_is_finished_many_times(resident: Resident[Any]) -> None:
    with CARTOON.run(PNG, Options(), resident=resident, call=Call()) as passed:
        whole, small = (CARTOON.finish(passed, Options(strength=1, resolution=side)) for side in (1024, 48))
    assert np.array_equal(whole.image, 255 - np.asarray(quarters())) and small.image.shape == (32, 48, 3)
    assert resident.status.served == 1


def test_memory_is_held_while_a_file_is_worked_on_and_free_after_a_failure(resident: Resident[Any]) -> None:
    memory = resident.workspace.memory
    with CARTOON.run(PNG, Options(), resident=resident, call=Call()) as passed:
        assert memory.held == 4 * passed.photo.nbytes
    with pytest.raises(BadImage):
        CARTOON.answer(b"no picture", Options(), resident=resident, call=Call())
    assert memory.held == 0 and resident.workspace.finishing.acquire(blocking=False)


def test_a_kept_pass_is_finished_within_the_bounds() -> None:
    resident = residents()["matting"]
    with MATTING.run(PNG, MATTING.options(), resident=resident, call=Call()) as passed:
        pass
    with MATTING.anew(passed, MATTING.options(), resident=resident):
        assert resident.workspace.memory.held == MATTING.finishing_bytes(passed, MATTING.options()) > 0
    assert resident.workspace.memory.held == 0


def test_a_file_knows_its_kind_by_its_name() -> None:
    kinds = {File(b"", f"a.{ending}").media_type for ending in ("png", "jpg", "webp", "json")}
    assert kinds == {"image/png", "image/jpeg", "image/webp", "application/json"}
