"""Whoever waits may leave, and what works for him is stopped."""

import pytest

from models.errors import NotReady
from models.runtime.waiter import Waiter


def test_leaving_stops_the_work_within_the_block_and_none_after_it() -> None:
    waiter, stopped = Waiter(), []
    with waiter.stopping_with(lambda: stopped.append("once")):
        waiter.leave()
    waiter.leave()
    assert stopped == ["once"]


def test_no_work_begins_for_one_who_left() -> None:
    waiter = Waiter()
    waiter.leave()
    with pytest.raises(NotReady), waiter.stopping_with(lambda: None):
        raise AssertionError("begun")
