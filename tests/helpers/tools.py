"""Programs of others that tests/deploy/install_tools.sh installs: found, or the test is skipped; and run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def find_tool(name: str) -> str | None:
    """Its path: beside this environment's Python, or where the system has it."""
    return shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))


def run_tool(name: str, *arguments: str | Path) -> str:
    """What the tool printed. Skips the test where it is not installed, fails it with what it said at any other code
    than 0."""
    found = find_tool(name)
    if found is None:
        pytest.skip(f"{name} is not installed: tests/deploy/install_tools.sh")
    ended = subprocess.run([found, *arguments], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
