"""Results that stay: a file and a line for each, by day; told once when the disk is full, and resumed."""

import contextlib
import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.runtime import outputs
from models.runtime.outputs import LIST, UnusableError
from models.weights import stale_files
from tests.faults.disk import can_mount, small_disk

on_small_disk = pytest.mark.skipif(not can_mount(), reason="mounts a small tmpfs")
MANY = 40
PROGRAM = """
import sys
from pathlib import Path
from models.runtime.outputs import Outputs
outputs = Outputs(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    outputs.keep("cartoon", b"x" * 999, suffix=".png", facts={"options": {"style": "anime" * 900}})
"""


def kept(made: outputs.Outputs, content: bytes = b"picture", suffix: str = ".png") -> None:
    made.keep("cartoon", content, suffix=suffix, facts={"options": {"style": "anime"}})


def lines(folder: Path) -> list[dict[str, Any]]:
    """The parameters of every result; each has its file and there are no others."""
    found = [json.loads(line) for path in folder.glob(f"*/{LIST}") for line in path.read_text().splitlines()]
    assert sorted(path.name for path in folder.glob("*/*")) == sorted([*(one["file"] for one in found), LIST])
    return found


def test_a_result_is_a_file_of_its_day_and_a_line(tmp_path: Path) -> None:
    made = outputs.Outputs(tmp_path)
    kept(made)
    kept(made, b"{}", ".json")
    (day,) = tmp_path.iterdir()
    first, second = lines(tmp_path)
    assert date.fromisoformat(day.name).isoformat() == first["time"][:10]
    assert (day / first["file"]).read_bytes() == b"picture" and first["file"][6:].startswith("-cartoon-")
    assert (first["task"], first["bytes"], first["options"]) == ("cartoon", 7, {"style": "anime"})
    assert second["file"].endswith(".json") and (made.kept, made.failed) == (2, 0)


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(MANY)]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(lines(tmp_path)) == 3 * MANY


@contextlib.contextmanager
def gone(folder: Path) -> Iterator[None]:
    folder.rename(folder.with_name("elsewhere"))
    yield
    folder.with_name("elsewhere").rename(folder)


def test_a_folder_that_is_gone_for_a_while_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "outputs"
    folder.mkdir()
    made = outputs.Outputs(folder)
    with gone(folder):
        kept(made)
        kept(made)
    assert len(caplog.records) == 1 and caplog.records[0].levelno == logging.WARNING
    kept(made)
    assert (made.kept, made.failed) == (1, 2) and caplog.messages[1].endswith("again")


@on_small_disk
def test_a_full_disk_leaves_no_half_of_a_result_and_is_used_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        made = outputs.Outputs(disk)
        kept(made)
        ballast = disk / "ballast"
        with ballast.open("wb") as file, contextlib.suppress(OSError):
            for _ in range(300):
                os.write(file.fileno(), bytes(4096))
        for _ in range(3):
            kept(made, bytes(200_000))
        ballast.unlink()
        kept(made)
        assert (made.kept, made.failed) == (2, 3) and len(lines(disk)) == 2


def test_a_line_that_cannot_be_written_takes_its_file_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, write = outputs.Outputs(tmp_path), os.write
    kept(made)
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, line: write(file, line[:20]))
        kept(made)
    kept(made)
    assert (made.kept, made.failed) == (2, 1) and len(lines(tmp_path)) == 2


def test_what_a_killed_process_left_half_made_goes(tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", "from models.weights import stale_files; print(stale_files.mark())"],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "2026-01-01").mkdir()
    left, mine = (tmp_path / "2026-01-01" / f".{mark}" for mark in (killed.stdout.strip(), stale_files.mark()))
    left.touch()
    mine.touch()
    kept(outputs.Outputs(tmp_path))
    assert mine.exists() and not left.exists()


def refusal(folder: Path, *cleaned: Path) -> str:
    with pytest.raises(UnusableError) as raised:
        outputs.check(folder, cleaned=cleaned)
    return str(raised.value)


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outputs.check(tmp_path / "a" / "b", cleaned=[tmp_path / "jobs"])
    assert (tmp_path / "a" / "b").is_dir()
    assert "is no folder; name another with --outputs" in refusal(tmp_path / "file")
    assert "cannot be made" in refusal(tmp_path / "file" / "within")
    (tmp_path / "jobs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "jobs")
    assert "deleted by age" in refusal(tmp_path / "link" / "kept", tmp_path / "jobs")
    assert not (tmp_path / "jobs" / "kept").exists()


@on_small_disk
def test_a_full_disk_is_told_at_the_start(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        (disk / "ballast").write_bytes(bytes(900_000))
        assert os.strerror(errno.ENOSPC) in refusal(disk)
