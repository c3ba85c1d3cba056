"""A cache that cannot be used is told in one sentence with the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.running import ROOT

as_root = pytest.mark.skipif(os.getuid() != 0, reason="makes users and mounts")
NOBODY = 65534
PROGRAM = """
import os, sys, pathlib
from models.errors import UnusableError
from models.weights import cache_folder
os.setuid(int(sys.argv[1]))
try:
    cache_folder.check(pathlib.Path(sys.argv[2]))
except UnusableError as error:
    print(error)
"""


def checked(cache: Path, *, user: int = os.getuid(), mount: str = "true") -> str:
    """What is said of this cache to that user, after `mount` in a mount namespace; empty when all is well."""
    command = [sys.executable, "-c", PROGRAM, str(user), str(cache)]
    if mount != "true":
        command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "-", *command]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(told.splitlines()) < 2
    return told


def prepared(cache: Path) -> Path:
    for name in ("cartoon-anime", "matting-portrait", "emotion-large"):
        (cache / "artifacts" / f"{name}-0").mkdir(parents=True)
        (cache / "artifacts" / f"{name}-0" / "answer.json").touch()
    return cache


def test_an_empty_folder_and_one_to_be_made_are_fine(tmp_path: Path) -> None:
    assert checked(tmp_path) == checked(tmp_path / "new" / "one") == ""


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    assert "is no folder" in checked(tmp_path / "cache")


@as_root
def test_a_volume_of_another_owner(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    assert f"chown -R {NOBODY}" in checked(tmp_path, user=NOBODY)
    assert "cannot be made" in checked(tmp_path / "missing", user=NOBODY)
    assert "cannot be read" in checked(_mode(tmp_path / "closed", 0o700), user=NOBODY)


@as_root
def test_a_read_only_volume_must_be_complete(tmp_path: Path) -> None:
    mount = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path}"
    assert "holds no prepared models" in checked(tmp_path, mount=mount)
    assert checked(prepared(tmp_path), mount=mount) == ""


@as_root
def test_a_full_volume(tmp_path: Path) -> None:
    assert "is full" in checked(tmp_path, mount=f"mount -t tmpfs -o size=1m none {tmp_path}")


def _mode(folder: Path, mode: int) -> Path:
    folder.mkdir()
    folder.chmod(mode)
    return folder
