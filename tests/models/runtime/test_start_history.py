from pathlib import Path

import pytest

from models.catalog import CATALOG
from models.runtime import start_history
from models.runtime.resident import Slot

USUAL = {"fetching": 9.0, "loading": 1.0, "warming": 1.0}


def test_a_start_is_held_against_the_median_of_those_before(tmp_path: Path) -> None:
    log = tmp_path / "starts.jsonl"
    assert [start_history.note(log, USUAL) for _ in range(4)] == [None, None, None, 1.0]
    slow = {"fetching": 0.0, "loading": 5.0, "warming": 1.0}
    ratio = start_history.note(log, slow)
    assert ratio == 3.0
    assert start_history.is_slow(ratio, slow) and not start_history.is_slow(1.0, USUAL)


def test_moments_are_no_warning(tmp_path: Path) -> None:
    assert not start_history.is_slow(4.0, {"loading": 0.2, "warming": 0.2})


def test_the_log_stays_small_and_survives_damage(tmp_path: Path) -> None:
    log = tmp_path / "starts.jsonl"
    for _ in range(start_history.KEPT + 5):
        start_history.note(log, USUAL)
    assert len(log.read_text().splitlines()) == start_history.KEPT
    log.write_text('{"loading": 1')
    assert start_history.note(log, USUAL) is None
    assert [path.name for path in tmp_path.iterdir()] == ["starts.jsonl"]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    assert start_history.note(tmp_path / "missing" / "starts.jsonl", USUAL) is None


def test_a_slow_start_warns_in_log_and_status(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = tmp_path / "starts.jsonl"
    for loading in (1.0, 1.0, 1.0, 8.0):
        slot: Slot[object] = Slot(CATALOG["matting"]["portrait"])
        slot.report(seconds={"loading": loading, "warming": 1.0})
        start_history.watch(slot, log)
    assert (slot.status.start_ratio, slot.status.slow_start) == (4.5, True)
    assert "matting-portrait took 4.5 times as long" in caplog.text


@pytest.mark.parametrize("damaged", ["[1]\n", "null\n", '{"loading": "x"}\n', '{"loading": null}\n', "\0\0", "\xff"])
def test_a_log_of_other_things_is_begun_anew(tmp_path: Path, damaged: str) -> None:
    (path := tmp_path / "starts.jsonl").write_text(damaged * 4, "latin-1")
    assert start_history.note(path, {"loading": 1.0}) is None
    assert path.read_text().count("\n") == 1
