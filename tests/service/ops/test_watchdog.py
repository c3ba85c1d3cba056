"""An inference that never ends."""

import time

import pytest

from models.runtime.resident import Resident
from service.ops.watchdog import Watchdog


def test_an_inference_that_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    resident = Resident("cartoon")
    watchdog = Watchdog(resident)
    monkeypatch.setattr("service.ops.watchdog.STUCK_SECONDS", 0.05)
    with resident.queue.enter():
        watchdog.look()
        assert not watchdog.is_stuck()
        time.sleep(0.1)
        watchdog.look()
        assert watchdog.is_stuck()
    watchdog.look()
    assert not watchdog.is_stuck()
