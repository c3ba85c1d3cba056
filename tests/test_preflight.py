"""A folder that cannot be used ends the program at once, with one sentence and exit code 3."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from preflight import EXIT_CODE
from tests.helpers.running import ROOT, free_port

as_root = pytest.mark.skipif(os.getuid() != 0, reason="makes users and mounts")
NOBODY = 65534
PROGRAM = """
import os, sys, preflight, settings
options = settings.parse(sys.argv[2:])
os.setuid(int(sys.argv[1]))
preflight.check(options)
"""


def checked(cache: Path, *, user: int = os.getuid(), mount: str = "true", **environ: str) -> str:
    """What the program says of this cache as that user, after `mount` in a mount namespace; empty when all is well."""
    command = [sys.executable, "-c", PROGRAM, str(user), "--cache", str(cache)]
    if mount != "true":
        command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "-", *command]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True)
    assert (done.returncode, len(done.stderr.splitlines())) in {(0, 0), (EXIT_CODE, 1)}, done.stderr
    return done.stderr


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
    assert "holds no prepared models" in checked(tmp_path, mount=mount, GRADIO_TEMP_DIR="/dev/shm")
    assert checked(prepared(tmp_path), mount=mount, GRADIO_TEMP_DIR="/dev/shm") == ""


@as_root
def test_a_full_volume(tmp_path: Path) -> None:
    assert "is full" in checked(tmp_path, mount=f"mount -t tmpfs -o size=1m none {tmp_path}")


@as_root
def test_no_folder_for_uploads(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    uploads = _mode(tmp_path / "uploads", 0o755)
    cache = _mode(tmp_path / "cache", 0o777)
    assert str(uploads) in checked(cache, user=NOBODY, GRADIO_TEMP_DIR=str(uploads))


def test_a_signal_before_the_page_is_built_ends_the_start(tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "--models", "sample", "--cache", str(tmp_path), "--port", str(free_port())]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (tmp_path / "artifacts").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.terminate()
    assert process.wait(10) in (0, 143)


def _mode(folder: Path, mode: int) -> Path:
    folder.mkdir()
    folder.chmod(mode)
    return folder
