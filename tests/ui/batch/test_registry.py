"""Whose batch is whose, and for how long."""

import threading
from pathlib import Path

import pytest

from models.errors import Busy
from tests.helpers.batches import batch_of, draw, settled
from ui.batch.registry import Batches
from ui.batch.runner import Made
from ui.state.result_cache import Keeping


def test_a_batch_is_the_visitors_own_and_goes_with_its_files(uploads: Path) -> None:
    batches, batch = Batches(), batch_of(uploads, "a.png")
    batches.start("me", "cartoon", batch)
    settled(batch)
    assert batches.get("me", "cartoon") is batch
    assert batches.get("you", "cartoon") is None and batches.get("me", "matting") is None
    result = batch.items[0].result
    assert result and result.is_file()
    batches.drop("me", "cartoon")
    assert batches.get("me", "cartoon") is None and not result.exists()


def test_batches_end_with_the_retention_time(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches, batch = Batches(Keeping(minutes=90)), batch_of(uploads, "a.png")
    batches.start("me", "cartoon", batch)
    settled(batch)
    batch.used_at -= 89 * 60
    assert batches.get("me", "cartoon") is batch
    batch.used_at -= 91 * 60
    assert batches.get("me", "cartoon") is None


def test_too_many_batches_at_once_are_refused(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.batch.registry.RUNNING_LIMIT", 1)
    batches, go = Batches(), threading.Event()

    def slow(file: Path) -> Made:
        go.wait(10)
        return draw(file)

    first = batch_of(uploads, "a.png", "b.png", work=slow)
    batches.start("me", "cartoon", first)
    with pytest.raises(Busy, match="running already"):
        batches.start("you", "cartoon", batch_of(uploads, "c.png"))
    batches.stop()
    go.set()
    assert settled(first).state == "stopped"
