"""SIGTERM under load: everything taken is finished, nothing new is taken, idle tabs do not hold the end."""

import concurrent.futures
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from service.ops.drain import QUIET_SECONDS, Lifecycle
from tests.helpers.picture_makers import PNG
from tests.helpers.running import free_port, metric, start_standin, wait_for

SECONDS = 0.4
EXIT_SECONDS = 2.0
CARTOON_FIELDS = ["anime", 0.7, 1024, "png", 90]

Running = tuple[subprocess.Popen[str], httpx.Client]


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    port = free_port()
    process = start_standin(port, tmp_path, seconds=SECONDS, page=request.param)
    wait_for(port, "/readyz", 200)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        open_tab(client)
        yield process, client
    process.kill()
    process.communicate()


def open_tab(client: httpx.Client) -> None:
    """What an idle page keeps open."""

    def read() -> None:
        with client.stream("GET", "/gradio_api/heartbeat/idle", timeout=None) as stream:
            for _ in stream.iter_bytes():
                pass

    threading.Thread(target=read, daemon=True).start()


def send(client: httpx.Client, task: str) -> bool:
    return client.post(f"/api/v1/{task}", files={"image": PNG}).status_code == 200


def page_job(client: httpx.Client) -> bool:
    """A job as `gradio_client` starts one, its result fetched."""
    path = client.post("/gradio_api/upload", files={"files": ("a.png", PNG)}).json()[0]
    picture = {"path": path, "meta": {"_type": "gradio.FileData"}}
    event = client.post("/gradio_api/call/cartoon", json={"data": [picture, *CARTOON_FIELDS]}).json()["event_id"]
    told = client.get(f"/gradio_api/call/cartoon/{event}").text
    result = json.loads(told.rsplit("data: ", 1)[1])[0]
    return client.get(f"/gradio_api/file={result['path']}").content.startswith(b"\x89PNG")


def wait_until_taken(client: httpx.Client, jobs: Sequence[concurrent.futures.Future[bool]]) -> None:
    """Until every job runs, waits or is done."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        done, text = sum(job.done() for job in jobs), client.get("/metrics").text
        taken = metric(text, "prewarm_in_flight") + metric(text, "prewarm_queue_depth")
        if taken and done + taken >= len(jobs):
            return
        time.sleep(0.02)
    raise AssertionError(f"{taken} are running and waiting")


@pytest.mark.parametrize("running", [True], indirect=True)
def test_what_runs_and_what_is_queued_all_finishes_whatever_the_door(running: Running) -> None:
    process, client = running
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        jobs = [pool.submit(send, client, task) for task in ("cartoon", "matting", "matting") for _ in range(2)]
        jobs += [pool.submit(page_job, client) for _ in range(4)]
        wait_until_taken(client, jobs)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        probe = client.get("/readyz")
        refused = client.post("/api/v1/cartoon", files={"image": PNG})
        assert all(job.result() for job in jobs)
        last = time.monotonic()
    assert process.wait(20) == 0
    assert time.monotonic() - last < EXIT_SECONDS
    assert (probe.status_code, probe.json()["reasons"]) == (503, ["draining"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "not_ready")
    assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("running", [False], indirect=True)
def test_a_second_signal_ends_now(running: Running) -> None:
    process, client = running
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(send, client, "cartoon") for _ in range(6)]
        wait_until_taken(client, jobs)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        sent = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 128 + signal.SIGTERM
        assert time.monotonic() - sent < 0.5
        assert any(job.exception() for job in jobs)


@pytest.mark.parametrize("running", [False], indirect=True)
def test_ctrl_c_with_only_an_idle_tab(running: Running) -> None:
    process, _ = running
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert time.monotonic() - sent < EXIT_SECONDS


def test_who_did_nothing_ends_at_once_and_who_just_answered_waits_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("service.ops.drain.time", SimpleNamespace(monotonic=lambda: now[0]))
    resting, used = Lifecycle({}), Lifecycle({})
    used.enter("visitor")
    now[0] += 1
    used.leave("visitor")
    resting.drain()
    used.drain()
    assert resting.tick() and not used.tick()
    now[0] += 1.01 * QUIET_SECONDS
    assert used.tick()
