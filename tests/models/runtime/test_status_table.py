"""The table that preload.py prints."""

from dataclasses import replace

from models.catalog import CATALOG
from models.runtime.slot import Slot
from models.runtime.status_table import status_table


def test_a_line_for_every_model_and_a_dash_for_what_is_not_known() -> None:
    pending = Slot[object](CATALOG["cartoon"]["3d"]).status
    ready = replace(pending, key="cartoon-anime", state="ready", source="hub", seconds={"loading": 0.5}, memory_mb=40.1)
    head, first, second = status_table([ready, pending]).splitlines()
    assert head.split()[:2] == ["model", "state"]
    assert first.split() == ["cartoon-anime", "ready", "hub", "-", "-", "-", "0.00", "0.50", "0.00", "40.1"]
    assert second.split()[:3] == ["cartoon-3d", "pending", "-"]
