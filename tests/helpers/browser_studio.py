"""The real program on a free port, for tests and screenshots."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP studio.test 127.0.0.1"]


@contextlib.contextmanager
def running(folder: Path, *flags: str, **environment: str) -> Iterator[str]:
    """Address of a studio that answers; its models may still be loading. What it writes goes to `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port), "--cache", str(folder / "cache")]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder / "uploads"), "PREWARM_PRELOAD": "default"} | environment
    with (folder / "log").open("w") as log:
        program = subprocess.Popen([*command, *flags], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: _status(address, "livez") == 200, program, folder / "log")
        yield address
    finally:
        program.terminate()
        program.wait(timeout=30)


@contextlib.contextmanager
def given_or_sample(url: str | None) -> Iterator[str]:
    """The studio at `url`, or for None one of our own on the sample models; ready."""
    with contextlib.ExitStack() as ours:
        if url is None:
            folder = Path(ours.enter_context(tempfile.TemporaryDirectory()))
            url = ours.enter_context(running(folder, "--models", "sample"))
        wait_until_ready(url)
        yield url


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless. `http://studio.test` is this machine, though neither https nor localhost."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


def wait_until_ready(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while _status(address, "readyz") != 200:
        assert time.monotonic() < end, f"not ready after {START_SECONDS} s"
        time.sleep(0.1)


def _status(address: str, path: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/{path}") as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _until(done: Callable[[], bool], program: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not done():
        assert program.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.05)
