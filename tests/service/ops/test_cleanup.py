"""Uploads go by age."""

import os
import time
from pathlib import Path

from service.ops.cleanup import clean


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
