"""What a killed process leaves is cleared; what a living one works on stays."""

import os
import time
from pathlib import Path

from models.weights.stale_files import UNTOUCHED_SECONDS, is_dead, mark, mark_in, remove, sweep
from tests.helpers.marks import dead_mark


def test_a_mark_is_found_in_a_name_and_no_two_are_alike() -> None:
    mine = mark()
    assert mark_in(f"model.pb.{mine}.incomplete") == mine != mark()
    assert mark_in("model.pb") is None and mark_in("model~1-2-3-4~") is None


def test_only_a_process_that_is_known_to_be_gone_is_dead() -> None:
    elsewhere = mark().replace(mark()[1:9], "0" * 8)
    assert is_dead(dead_mark())
    assert not is_dead(mark()) and not is_dead("model.pb") and not is_dead(elsewhere)


def test_a_sweep_takes_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    dead = dead_mark()
    (tmp_path / f"folder.{dead}").mkdir()
    (tmp_path / f"folder.{dead}" / "file").touch()
    (tmp_path / f"file.{dead}").touch()
    kept = {tmp_path / f"mine.{mark()}", tmp_path / "model.pb"}
    for path in kept:
        path.touch()
    sweep(tmp_path)
    assert set(tmp_path.iterdir()) == kept


def test_what_nobody_touched_for_an_hour_goes_whoever_made_it(tmp_path: Path) -> None:
    old = tmp_path / f"file.{mark().replace(mark()[1:9], '0' * 8)}"
    old.touch()
    sweep(tmp_path)
    assert old.exists()
    os.utime(old, (time.time() - UNTOUCHED_SECONDS - 1,) * 2)
    sweep(tmp_path)
    assert not old.exists()


def test_a_link_is_removed_and_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    remove(tmp_path / "link")
    remove(tmp_path / "never there")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
