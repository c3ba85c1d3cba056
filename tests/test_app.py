"""The wiring: without starting a server, and what a server leaves on the disk."""

import os
import signal
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

import app
import preload
import settings
from models.media.audio import encode_wav
from tests.helpers.picture_makers import PNG
from tests.helpers.recording_makers import voice
from tests.helpers.running import ROOT, free_port, get, start_standin, wait_for
from tests.helpers.users import as_unknown

WAV = encode_wav(voice(seconds=1.0))
SENT = {"cartoon": ("image", PNG), "matting": ("image", PNG), "id_photo": ("image", PNG), "emotion": ("audio", WAV)}


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    return tmp_path


def test_programs_are_served_without_the_page(uploads: Path) -> None:
    options = settings.parse(["--token", "secret"], {})
    client = TestClient(app.create(options, uploads / "sent", page=False).layered())
    assert client.get("/livez").status_code == 200
    assert client.get("/api/v1/models").status_code == 401
    assert client.get("/").status_code == 404
    assert stat.S_IMODE((uploads / "sent").stat().st_mode) == 0o700


def test_the_flags_reach_every_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for resident in preload.RESIDENTS.values():
        for name in ("waiting_limit", "share_percent", "running_limit"):
            monkeypatch.setattr(resident.queue, name, getattr(resident.queue, name))
    app.configure(settings.parse(["--queue", "7", "--share", "30", "--cache", str(tmp_path)], {}))
    queues = [resident.queue for resident in preload.RESIDENTS.values()]
    assert {(queue.waiting_limit, queue.share_percent) for queue in queues} == {(7, 30)}


def test_gradio_sends_nothing_out_and_has_a_folder_of_its_own(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks4://127.0.0.1:9")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "none")
    assert str(app.prepare_gradio(uploads)) == os.environ["GRADIO_TEMP_DIR"] != str(uploads)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False" and "ALL_PROXY" not in os.environ
    assert {name for name in os.environ if name.startswith("GRADIO_")} == {
        "GRADIO_TEMP_DIR",
        "GRADIO_ANALYTICS_ENABLED",
    }


@pytest.mark.parametrize(
    "environ",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:9", "no_proxy": "localhost,127.0.0.1,[::1]"},
        {"HTTP_PROXY": ":::", "https_proxy": "socks5h://127.0.0.1:9", "NO_PROXY": "::1/x,*.a, [,"},
        {"http_proxy": "proxy.example:8080", "HTTPS_PROXY": "ftp://", "all_proxy": "socks4://127.0.0.1:9"},
    ],
    ids=str,
)
def test_page_and_command_line_work_whatever_proxies_the_environment_names(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "in.png").write_bytes(PNG)
    port = free_port()
    with start_standin(port, tmp_path, page=True, **environ) as server:
        wait_for(port, "/readyz", 200)
        assert b"gradio" in wait_for(port, "/", 200)
        command = [sys.executable, "cli", "cartoon", str(tmp_path / "in.png"), "--server", f"localhost:{port}"]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True)
        server.terminate()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "in.cartoon.png").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="makes users")
@pytest.mark.parametrize(("home", "page"), [({}, "yes"), ({"HOME": "/"}, "no")], ids=["no home", "not its own"])
def test_a_user_id_without_home_or_passwd_entry_serves(home: dict[str, str], page: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    for parent in tmp_path.parents[:3]:
        parent.chmod(0o755)
    port = free_port()
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "STANDIN_PAGE": page}
    command = as_unknown([sys.executable, "tests/helpers/standin.py", "--host", "127.0.0.1", "--port", str(port)])
    with subprocess.Popen(command, cwd=ROOT, env=environ | home, stderr=subprocess.PIPE) as server:
        wait_for(port, "/readyz", 200)
        assert (b"gradio" in get(port, "/")[1]) == (page == "yes")
        server.terminate()
        _, told = server.communicate(timeout=30)
    assert server.returncode == 0 and b"Traceback" not in told
    assert left_in(tmp_path) == ["prewarm-cache-12345"]


@pytest.mark.parametrize("program", [["app.py"], ["preload.py"], ["cli", "emotion", "a"]], ids=str)
def test_programs_find_their_modules_where_python_does_not_look_beside_them(program: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-P", str(ROOT / program[0]), *program[1:], "--threads", "-1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.5])
def test_ctrl_c_in_the_midst_of_a_start_is_no_traceback(seconds: float, tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "--models", "sample", "--cache", str(tmp_path), "--port", str(free_port())]
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    undo = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # ignored in what is started in the background
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, preexec_fn=undo) as server:
        time.sleep(seconds)
        server.send_signal(signal.SIGINT)
        _, told = server.communicate(timeout=30)
    assert server.returncode in (-signal.SIGINT, 130, 0) and "Traceback" not in told
    assert not [name for name in left_in(tmp_path) if name.startswith("prewarm-temporary")]


def use_every_door(port: int) -> None:
    """Each task by the page's endpoint, by REST, and as a job, to the end."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for task, (field, data) in SENT.items():
            path = client.post("/gradio_api/upload", files={"files": ("a", data)}).json()[0]
            given = {field: {"path": path, "meta": {"_type": "gradio.FileData"}}}
            event = client.post(f"/gradio_api/call/v2/{task}", json=given).json()["event_id"]
            assert "event: complete" in client.get(f"/gradio_api/call/{task}/{event}").text
            assert client.post(f"/api/v1/{task}", files={field: data}).status_code in (200, 422)
            job = client.post(f"/api/v1/jobs/{task}", files={field: data}).json()["id"]
            while client.get(f"/api/v1/jobs/{job}").json()["state"] in ("queued", "running"):
                pass


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_stop_leaves_nothing_and_a_kill_nothing_after_the_next_start(tmp_path: Path) -> None:
    temporary, ports = tmp_path / "temporary", [free_port() for _ in range(3)]
    temporary.mkdir()

    def started(port: int, *, page: bool):  # type: ignore[no-untyped-def]
        process = start_standin(port, tmp_path, page=page, GRADIO_TEMP_DIR=str(temporary))
        wait_for(port, "/readyz", 200)
        return process

    with started(ports[0], page=True) as killed:
        use_every_door(ports[0])
        killed.kill()
    (left,) = left_in(temporary)
    with started(ports[1], page=False) as living:
        (kept,) = left_in(temporary)
        assert kept != left
        with started(ports[2], page=True) as stopped:
            use_every_door(ports[2])
            stopped.send_signal(signal.SIGTERM)
            assert stopped.wait(30) == 0
        assert left_in(temporary) == [kept]
        living.terminate()
    assert not left_in(temporary)
