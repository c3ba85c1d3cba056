"""What is missing is told in one sentence, before anything is loaded."""

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from models.runtime import prerequisites
from preload import EXIT_CODE
from tests.helpers.running import ROOT

# As where requirements.txt alone is installed.
PROGRAM = """
import runpy, sys
sys.modules.update(tensorflow=None, funasr=None, onnxruntime=None)
sys.argv.pop(0)
sys.path[0] = "."
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize(
    "command",
    [
        ["app.py", "--engine", "reference"],
        ["preload.py", "--engine", "reference"],
        ["preload.py", "--verify"],
        ["cli", "cartoon", "README.md", "--engine", "reference"],
    ],
    ids=" ".join,
)
def test_the_stock_pipelines_without_their_packages(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command, "--cache", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (EXIT_CODE, 1), done.stderr
    assert "need tensorflow, funasr," in done.stderr and "requirements-dev.txt" in done.stderr
    assert not list(tmp_path.iterdir())


def test_onnx_without_its_packages_or_without_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for program, folder, told in (
        (
            ["-c", PROGRAM, "preload.py"],
            "out",
            "needs onnxruntime, which requirements.txt does not bring; install with ",
        ),
        (["preload.py"], "file", "cannot be made (File exists)"),
    ):
        command = [*program, "--export-onnx", str(tmp_path / folder), "--cache", str(tmp_path / "cache")]
        done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, len(done.stderr.splitlines())) == (EXIT_CODE, 1), done.stderr
        assert told in done.stderr


@pytest.mark.parametrize(("most", "allowed"), [(20, None), (100, 100), (5000, 4096)])
def test_as_many_files_as_a_server_opens(most: int, allowed: int | None, tmp_path: Path) -> None:
    program = "import preload, resource, settings; preload.check(settings.parse())"
    program += "; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    done = subprocess.run(
        [sys.executable, "-c", program, "--cache", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_NOFILE, (min(most, 70), most)),
    )
    if allowed:
        assert done.stdout == f"{allowed}\n", done.stderr
    else:
        assert done.returncode == EXIT_CODE and "only 20 files may be open" in done.stderr


@pytest.mark.parametrize(("given", "kept"), [(0o777, 0o077), (0o022, 0o022), (0o770, 0o070)])
def test_the_user_may_use_what_is_made(given: int, kept: int) -> None:
    before = os.umask(given)
    try:
        prerequisites._own_what_is_made()
    finally:
        assert os.umask(before) == kept
