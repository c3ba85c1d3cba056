"""The real program on a free port with sample models, and a headless Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running studio; its models may still be loading."""
    folder = tmp_path_factory.mktemp("studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--models", "sample", "--host", "127.0.0.1", "--port", str(port), "--threads", "2"]
    command = [sys.executable, "app.py", *flags, "--cache", str(folder / "cache")]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder / "uploads")}
    with (folder / "log").open("w") as log:
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: _status(address, "livez") == 200, program, folder / "log")
        yield address
    finally:
        program.terminate()
        program.wait(timeout=30)


@pytest.fixture(scope="session")
def ready_studio(studio: str) -> str:
    """The same with every model ready."""
    end = time.monotonic() + START_SECONDS
    while _status(studio, "readyz") != 200:
        assert time.monotonic() < end, f"not ready after {START_SECONDS} s"
        time.sleep(0.1)
    return studio


@pytest.fixture(scope="module")  # no longer: Playwright's event loop would run beside the other tests
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor: `visit(address, locale="zh-CN", width=390)`."""
    contexts = []

    def visit(address: str, *, locale: str = "en-US", width: int = 1280, scheme: str = "light") -> Any:
        context = chromium.new_context(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(address)
        page.wait_for_selector("#cartoon-run")
        return page

    yield visit
    for context in contexts:
        context.close()


def _status(address: str, path: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/{path}") as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _until(done: Callable[[], bool], program: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not done():
        assert program.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.05)
