"""Exceptions to answers."""

import json

import pytest

from models.errors import (
    BadField,
    BadImage,
    Busy,
    DeviceFull,
    DeviceLost,
    NotReady,
    PrewarmError,
    TooLarge,
    WeightsError,
    WrongKind,
)
from service.errors import answer


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (BadImage("No picture.", reason="image_damaged"), 400, None),
        (TooLarge("Too large.", reason="image_bytes"), 413, None),
        (WrongKind("A PDF.", reason="not_an_image"), 415, None),
        (BadField("Not 7.", reason="out_of_range"), 422, None),
        (Busy("Full.", reason="queue_full", retry_after=1.2), 429, "2"),
        (NotReady("Loading.", reason="not_ready"), 503, "5"),
        (DeviceLost("Gone.", reason="device_lost"), 503, "5"),
        (DeviceFull("No memory.", reason="device_full"), 503, "5"),
    ],
)
def test_every_kind_has_its_status_and_one_shape(error: PrewarmError, status: int, retry: str | None) -> None:
    response = answer(error)
    assert (response.status_code, response.headers.get("retry-after")) == (status, retry)
    assert json.loads(bytes(response.body)) == {"error": {"code": error.code, "message": error.message}}


def test_strangers_do_not_learn_where_weights_lie() -> None:
    response = answer(WeightsError("/home/me/model.pt is damaged.", reason="damaged_file"))
    assert response.status_code == 503 and b"/home/me" not in bytes(response.body)
