"""The command line starts from any folder, and its modules are the studio's."""

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.running import ROOT


def test_it_starts_from_a_folder_that_has_modules_of_our_names(tmp_path: Path) -> None:
    for name in ("models.py", "settings.py", "main.py"):
        (tmp_path / name).write_text("raise SystemExit(9)")
    done = subprocess.run([sys.executable, str(ROOT / "cli"), "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "cartoon" in done.stdout and "emotion" in done.stdout


def test_what_goes_wrong_is_its_exit_code(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "cli"), "cartoon", "none.png"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 2 and b"no file or folder 'none.png'" in done.stderr


def test_an_interrupt_while_it_starts_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "httpx.py").write_text("raise KeyboardInterrupt")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, str(ROOT / "cli"), "cartoon", "a.png"], env=environ, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
