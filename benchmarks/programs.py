"""Programs under test: started on a free port, watched from outside until they answer, stopped by their own handle."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAUSE_S = 0.02
PATIENCE_S = 180
PACKAGES_READ = ("openvino", "gradio", "cv2", "numpy", "pandas", "fastapi", "pydantic", "PIL", "soundfile")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def program(arguments: Sequence[str], log: Path) -> Iterator[float]:
    """A Python program, running inside the block; yields the moment it was started."""
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with log.open("ab") as out:
        start = time.perf_counter()
        command = [sys.executable, *arguments]
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield start
    finally:
        running.kill()
        running.wait()


def ask(url: str, body: Any = None, timeout: float = PATIENCE_S) -> tuple[int, bytes]:
    """Status and body; status 0 when nothing answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def until_served(address: str, start: float) -> float:
    """Seconds from `start` until the page is served."""
    while ask(address)[0] != 200:
        _not_forever(start)
        time.sleep(PAUSE_S)
    return time.perf_counter() - start


def until_settled(address: str, start: float) -> dict[str, float]:
    """Seconds from `start` until each model is ready or has failed, by task; a failed one's key ends in `failed`."""
    seen: dict[str, float] = {}
    while len(seen) < 3:
        _not_forever(start)
        status, body = ask(address + "readyz")
        for task, model in (json.loads(body)["models"] if status else {}).items():
            name = task if model["state"] != "failed" else f"{task} failed"
            if model["state"] in ("ready", "failed") and name not in seen:
                seen[name] = time.perf_counter() - start
        time.sleep(PAUSE_S)
    return seen


def click(address: str, name: str, path: Path) -> float:
    """Seconds of one call of a Gradio endpoint that takes a path."""
    start = time.perf_counter()
    _, body = ask(f"{address}gradio_api/call/{name}", {"data": [str(path)]})
    _, events = ask(f"{address}gradio_api/call/{name}/{json.loads(body)['event_id']}")
    if b"event: complete" not in events:
        raise RuntimeError(f"{name}: {events[:300]!r}")
    return time.perf_counter() - start


def _not_forever(start: float) -> None:
    if time.perf_counter() - start > PATIENCE_S:
        raise TimeoutError(f"no answer within {PATIENCE_S} s")


def forget(folder: Path) -> None:
    """Ask the kernel to drop the files of `folder` from its page cache; those mapped by another program stay."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def forget_packages() -> None:
    """The same for the packages that the program imports."""
    import numpy

    site = Path(numpy.__file__).parents[1]
    for name in PACKAGES_READ:
        forget(site / name)
