"""Folders that come and go."""

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from cli.watch import Folders
from tests.helpers.picture_makers import PNG
from tests.helpers.running import ROOT

WAIT_SECONDS = 60


def photo(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PNG)


def test_each_change_is_told_once(tmp_path: Path) -> None:
    folder, said = tmp_path / "in", list[str]()
    folder.mkdir()
    folders = Folders([str(folder)], said.append)
    folder.rmdir()
    assert [folders.expand("picture").inputs for _ in range(3)] == [[], [], []] and len(said) == 1
    folder.mkdir()
    (folder / "a.png").write_bytes(PNG)
    assert [len(folders.expand("picture").inputs) for _ in range(3)] == [1, 1, 1]
    assert [line.partition("' ")[2][:6] for line in said] == ["is not", "is bac"]


def test_a_folder_that_was_unmounted_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted, said = [True], list[str]()
    monkeypatch.setattr(os.path, "ismount", lambda name: mounted[0])
    folders = Folders([str(tmp_path)], said.append)
    mounted[0] = False
    assert folders.expand("picture").inputs == [] and len(said) == 1


def comes(path: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def watching(server: str, folder: Path) -> subprocess.Popen[str]:
    # Started in the background by a shell, this process ignores SIGINT, and would hand that on.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    arguments = [sys.executable, str(ROOT / "cli"), "cartoon", "in", "--watch", "--out", "out", "--server", server]
    return subprocess.Popen(arguments, cwd=folder, preexec_fn=heeding, stderr=subprocess.PIPE, text=True)


def test_a_watched_folder_is_worked_on_until_it_is_interrupted(server: str, tmp_path: Path) -> None:
    photo(tmp_path / "in/first.png")
    with watching(server, tmp_path) as watcher:
        for name in ("first", "second"):
            photo(tmp_path / f"in/{name}.png")
            comes(tmp_path / f"out/{name}.cartoon.png")
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(WAIT_SECONDS) == 0


def test_a_watched_folder_that_was_deleted_is_waited_for(server: str, tmp_path: Path) -> None:
    photo(tmp_path / "in/first.png")
    with watching(server, tmp_path) as watcher:
        comes(tmp_path / "out/first.cartoon.png")
        shutil.rmtree(tmp_path / "in")
        said = watcher.stderr or iter("")
        assert any("'in' is not there any more: waiting for it, until Ctrl-C" in line for line in said)
        photo(tmp_path / "in/second.png")
        comes(tmp_path / "out/second.cartoon.png")
        watcher.send_signal(signal.SIGINT)
        assert watcher.communicate(timeout=WAIT_SECONDS)[1].splitlines()[0] == "prewarm: 'in' is back"
