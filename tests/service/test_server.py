"""The real program in a process of its own, on the sample models."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int, cache: Path, *flags: str) -> subprocess.Popen[str]:
    command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port), "--cache", str(cache), *flags]
    return subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(cache)}
    )


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
        time.sleep(0.1)
    raise AssertionError(f"{path} did not answer {status} within {START_SECONDS} s")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    process = start(port, tmp_path_factory.mktemp("cache"), "--models", "sample")
    yield port
    process.terminate()
    process.wait(20)


def test_the_page_and_every_model_come_up(studio: int) -> None:
    ready = json.loads(wait_for(studio, "/readyz", 200))
    assert ready["ready"]
    assert {status["source"] for status in ready["models"].values()} == {"sample"}
    assert {status["state"] for status in ready["models"].values()} == {"ready"}
    assert get(studio, "/livez")[0] == 200
    assert b"gradio" in get(studio, "/")[1].lower()


def test_a_port_in_use_is_one_line_and_an_exit_code(studio: int, tmp_path: Path) -> None:
    wait_for(studio, "/livez", 200)
    second = start(studio, tmp_path, "--models", "sample")
    _, complaint = second.communicate(timeout=60)
    assert second.returncode == 1
    assert complaint.count("\n") == 1
    assert "--port" in complaint


def test_one_failed_model_leaves_the_others_ready_and_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    broken = tmp_path / "matting"
    broken.mkdir()
    (broken / "configuration.json").write_text("{}")
    port = free_port()
    process = start(port, tmp_path / "cache", "--models", "sample", "--matting-dir", str(broken))
    wait_for(port, "/livez", 200)
    deadline = time.monotonic() + START_SECONDS
    states: dict[str, str] = {}
    while time.monotonic() < deadline and set(states.values()) != {"ready", "failed"}:
        models = json.loads(get(port, "/readyz")[1])["models"]
        states = {task: status["state"] for task, status in models.items()}
        time.sleep(0.1)
    assert states == {"cartoon": "ready", "matting": "failed", "emotion": "ready"}
    assert "tf_graph.pb" in models["matting"]["error"]
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=20)
    assert "Traceback" not in log
