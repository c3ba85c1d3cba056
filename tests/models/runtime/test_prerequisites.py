"""What is missing is told in one sentence, before anything is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

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
