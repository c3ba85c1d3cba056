"""Servers for tests: the real program in a process of its own, on the sample models or on stand-ins."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int, folder: Path, *flags: str, program: str = "app.py", **environ: str) -> subprocess.Popen[str]:
    """The program on its way up; all it writes lies in `folder`."""
    command = [sys.executable, program, "--host", "127.0.0.1", "--port", str(port), "--cache", str(folder), *flags]
    # Six more models would take cores from the tests that have no need of them.
    ours = {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT), "PREWARM_PRELOAD": "default"}
    environment = {**os.environ, **ours, **environ}
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment)


def start_standin(
    port: int, folder: Path, *flags: str, seconds: float = 0.0, page: bool = False, **environ: str
) -> subprocess.Popen[str]:
    """The program on pipelines that take `seconds` and do something easy to check; without `page` it starts sooner."""
    environ |= {"STANDIN_SECONDS": str(seconds), "STANDIN_PAGE": "yes" if page else "no"}
    return start(port, folder, *flags, program="tests/helpers/standin.py", **environ)


@contextlib.contextmanager
def standin(folder: Path, *flags: str, seconds: float = 0.0, page: bool = False) -> Iterator[str]:
    """The address of a ready stand-in, stopped afterwards; its log is `folder/log.txt`."""
    port = free_port()
    process = start_standin(port, folder, *flags, seconds=seconds, page=page)
    with process, (folder / "log.txt").open("w", buffering=1) as log:
        reader = threading.Thread(target=lambda: log.writelines(process.stderr or ()))
        reader.start()
        try:
            wait_for(port, "/readyz", 200)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)
            reader.join()


def get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def wait_for(port: int, path: str, status: int) -> bytes:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found, body = get(port, path)
        if found == status:
            return body
        time.sleep(0.05)
    raise AssertionError(f"{path} did not answer {status} within {START_SECONDS} s")


def metric(text: str, name: str, **labels: str) -> float:
    """The sum of the samples of `name` that carry `labels`."""
    lines = [line for line in text.splitlines() if line.split("{")[0].split(" ")[0] == name]
    wanted = [f"{label}={json.dumps(value)}" for label, value in labels.items()]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(part in line for part in wanted))
