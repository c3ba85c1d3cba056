"""What `/openapi.json` says is what the server does: requests made from it, good and bad, by schemathesis."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.helpers.running import ROOT

SECONDS = 240


def test_the_server_keeps_its_contract(studio: httpx.Client, tmp_path: Path) -> None:
    """The settings are those of schemathesis.toml: the same requests at every run."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{studio.base_url}/openapi.json", "--no-color"]
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=SECONDS
    )
    assert told.returncode == 0, told.stdout + told.stderr
    found = re.search(r"(\d+) generated, (\d+) passed", told.stdout)
    assert found and int(found[1]) > 300, told.stdout
