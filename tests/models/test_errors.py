"""The exceptions that users may meet."""

import pickle

import pytest

from models import errors
from models.errors import BadImage, Busy, DeviceLost, PrewarmError, WeightsError


def test_every_kind_has_a_code_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PrewarmError)]
    named = [kind for kind in kinds if "code" in vars(kind)]
    assert len({kind.code for kind in named}) == len(named)
    assert [kind for kind in kinds if kind not in named] == [DeviceLost]  # which is NotReady to whoever asks


@pytest.mark.parametrize(
    "error",
    [
        BadImage("Too small.", reason="image_too_small", width=3),
        Busy("Full.", reason="queue_full", retry_after=2.5, waiting=9),
        WeightsError("model.pt is cut short.", reason="damaged_file", file="model.pt"),
    ],
)
def test_an_error_is_the_same_in_another_process(error: PrewarmError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error) and str(there) == error.message
    assert (there.reason, there.values) == (error.reason, error.values)


def test_a_busy_model_says_when_to_come_back() -> None:
    assert Busy("Full.", reason="queue_full", retry_after=2.5).retry_after == 2.5
