"""Uploads go by age, and at a start."""

import os
import time
from pathlib import Path

from service.ops.cleanup import clean, wipe


def aged(path: Path, minutes: float) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    then = time.time() - 60 * minutes
    os.utime(path, (then, then))
    os.utime(path.parent, (then, then))


def test_old_uploads_go_and_new_ones_stay(tmp_path: Path) -> None:
    for name, minutes in (("old/face.png", 31), ("new/face.png", 29), ("tmpabc", 31)):
        aged(tmp_path / name, minutes)
    assert clean(tmp_path, minutes=30) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new"]


def test_a_start_wipes_its_own_folder_and_cleans_what_a_killed_server_left(tmp_path: Path) -> None:
    mine, other = tmp_path / "prewarm-0-7860", tmp_path / "prewarm-0-9000"
    aged(mine / "face.png", 0)
    aged(other / "old.png", 31)
    aged(other / "new.png", 1)
    wipe(mine, minutes=30)
    assert not list(mine.iterdir())
    assert mine.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in other.iterdir()] == ["new.png"]


def test_a_link_in_the_place_of_the_upload_folder_is_not_followed(tmp_path: Path) -> None:
    aged(tmp_path / "elsewhere" / "precious", 100)
    (tmp_path / "prewarm-0-1").symlink_to(tmp_path / "elsewhere")
    wipe(tmp_path / "prewarm-0-1", minutes=30)
    assert (tmp_path / "elsewhere" / "precious").exists()
    assert not (tmp_path / "prewarm-0-1").is_symlink()
