"""The real program in a process of its own, on the sample models."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from models.media.audio import encode_wav
from tests.helpers.picture_makers import saved
from tests.helpers.pictures import landscape
from tests.helpers.recording_makers import voice
from tests.helpers.running import START_SECONDS, free_port, get, start, wait_for

PICTURE = saved(Image.fromarray(landscape()), "PNG")
VOICE = encode_wav(voice(seconds=2.0))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, lent: Callable[[Path], Path]) -> Path:
    return lent(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def studio(cache: Path) -> Iterator[int]:
    port = free_port()
    process = start(port, cache, "--models", "sample")
    yield port
    process.terminate()
    process.communicate(timeout=20)


@pytest.mark.parametrize(
    ("task", "field", "data"),
    [("cartoon", "image", PICTURE), ("matting", "image", PICTURE), ("emotion", "audio", VOICE)],
)
def test_the_real_models_answer_over_rest(studio: int, task: str, field: str, data: bytes) -> None:
    wait_for(studio, "/readyz", 200)
    answer = httpx.post(f"http://127.0.0.1:{studio}/api/v1/{task}", files={field: data}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-model-source"] == "sample"


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


def test_one_failed_model_leaves_the_others_ready_and_ctrl_c_ends_cleanly(tmp_path: Path, cache: Path) -> None:
    broken = tmp_path / "matting"
    broken.mkdir()
    (broken / "configuration.json").write_text("{}")
    port = free_port()
    process = start(port, cache, "--models", "sample", "--matting-dir", str(broken))
    wait_for(port, "/livez", 200)
    deadline = time.monotonic() + START_SECONDS
    states: dict[str, str] = {}
    while time.monotonic() < deadline and set(states.values()) != {"ready", "failed"}:
        models = json.loads(get(port, "/readyz")[1])["models"]
        states = {task: status["state"] for task, status in models.items()}
        time.sleep(0.1)
    assert states == {"cartoon": "ready", "matting": "failed", "emotion": "ready"}, models
    assert "tf_graph.pb" in models["matting"]["error"]
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=20)
    assert "Traceback" not in log
