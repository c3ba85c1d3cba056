"""What a process puts into temporary files goes with it, and never that of one that lives."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import UnusableError
from models.runtime import temporary_folder
from tests.helpers.running import ROOT
from tests.helpers.users import UNKNOWN, as_unknown

PROGRAM = """
import pathlib, sys, tempfile
from models.runtime import temporary_folder
mine = temporary_folder.make(pathlib.Path(sys.argv[1]))
mine.end_at_signals()
pathlib.Path(tempfile.mkdtemp(), "face.png").touch()
print(mine.path.name, flush=True)
sys.stdin.read()
"""


def running(base: Path) -> tuple[subprocess.Popen[str], str]:
    """A process with a face in its folder, and that folder's name."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(base)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ignored in whatever is started in the background, and by its children.
        preexec_fn=lambda: [
            signal.signal(each, signal.SIG_DFL) for each in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
        ],
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


@pytest.mark.parametrize(
    ("number", "code"),
    [(None, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131), (signal.SIGINT, -2)],
)
def test_every_end_but_a_kill_leaves_nothing(tmp_path: Path, number: signal.Signals | None, code: int) -> None:
    process, name = running(tmp_path)
    with process:
        assert len(list((tmp_path / name).glob("*/face.png"))) == 1
        if number:
            process.send_signal(number)
        else:
            process.communicate()
        assert process.wait(30) == code
    assert not list(tmp_path.iterdir())


def test_what_a_killed_one_left_goes_with_the_next_start_and_that_of_the_living_stays(tmp_path: Path) -> None:
    (tmp_path / "prewarm-pictures").mkdir()
    killed, left = running(tmp_path)
    living, kept = running(tmp_path)
    killed.kill()
    killed.communicate()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["prewarm-pictures", left, kept])
    third, new = running(tmp_path)
    try:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["prewarm-pictures", kept, new])
        assert list((tmp_path / kept).glob("*/face.png"))
    finally:
        living.communicate()
        third.communicate()


def test_only_this_user_can_read_it_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    (tmp_path / f"{temporary_folder.PREFIX}0-x").symlink_to(tmp_path / "elsewhere")
    process, name = running(tmp_path)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o700
    process.communicate()
    assert (tmp_path / "elsewhere" / "precious").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="makes users")
def test_it_is_the_home_of_a_user_that_has_none(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    program = """
import getpass, pathlib
from models.runtime import temporary_folder
mine = temporary_folder.make(pathlib.Path("."))
import modelscope
print(pathlib.Path.home() == mine.path.absolute(), getpass.getuser())
"""
    command = as_unknown([sys.executable, "-c", program])
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.stdout.split() == ["True", str(UNKNOWN)], done.stderr
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableError, match="TMPDIR"):
        temporary_folder.make(tmp_path / "file")
    with pytest.raises(UnusableError, match="GRADIO_TEMP_DIR"):
        temporary_folder.make(Path("/proc/self"))
