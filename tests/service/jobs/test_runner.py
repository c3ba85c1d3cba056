"""Jobs over REST against real processes: progress, results, cancelling, bounds, and what other instances tell."""

import io
import json
import os
import signal
import threading
import time
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from models.cartoon import Stylized
from models.media.audio import encode_wav
from models.runtime import at_once
from models.runtime.fair_queue import ModelQueue
from models.runtime.resident import Resident
from service import server
from service.jobs.store import LEASE_SECONDS, Item, JobStore, Record
from tests.helpers.picture_makers import PNG, saved
from tests.helpers.running import free_port, metric, standin, start_standin, wait_for

VOICE = encode_wav(0.1 * np.sin(np.arange(16_000) / 20).astype(np.float32))


def hand_in(client: httpx.Client, task: str, files: list[bytes], **fields: str) -> str:
    name = "audio" if task == "emotion" else "image"
    sent = [(name, ("my face.png", file)) for file in files]
    answer = client.post(f"/api/v1/jobs/{task}", files=sent, data=fields)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def state(client: httpx.Client, job: str) -> dict[str, Any]:
    return client.get(f"/api/v1/jobs/{job}").raise_for_status().json()


def over(client: httpx.Client, job: str) -> dict[str, Any]:
    for _ in range(600):
        if (told := state(client, job))["state"] not in ("queued", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(f"the job is still {told}")


def test_a_batch_with_one_bad_file_ends_as_a_zip_of_the_others(studio: httpx.Client) -> None:
    pictures = [saved(Image.new("RGB", (40 + n, 50), (n, 2 * n, 200)), "PNG") for n in range(12)]
    job = hand_in(studio, "cartoon", [*pictures[:5], b"no picture", *pictures[5:]], strength="1.0", format="png")
    told = over(studio, job)
    assert (told["state"], told["total"], told["done"], told["failed"], told["progress"]) == ("done", 13, 12, 1, 1.0)
    assert told["items"][5]["code"] == "bad_image"
    answer = studio.get(f"/api/v1/jobs/{job}/result")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = sorted(archive.namelist())
        last = np.asarray(Image.open(io.BytesIO(archive.read("my face-13.cartoon.png"))))
    assert len(names) == 13
    assert "my face.cartoon.png" in names and "my face-6.cartoon.png" not in names
    assert last.shape[1] == 40 + 11
    assert last[5, 5].tolist() == [255 - 11, 255 - 22, 55]


def test_a_single_recording_comes_back_as_it_would_at_once(studio: httpx.Client) -> None:
    job = hand_in(studio, "emotion", [VOICE], granularity="frame")
    assert over(studio, job)["state"] == "done"
    result = studio.get(f"/api/v1/jobs/{job}/result")
    assert result.json()["frames"]["per_second"] == 50
    assert result.headers["content-disposition"] == 'attachment; filename="my face.emotion.json"'
    assert studio.get(f"/api/v1/jobs/{job}/results/1").content == result.content
    assert result.headers["cache-control"] == "no-store"


def test_a_job_has_the_fields_of_its_task_and_the_same_mistakes(studio: httpx.Client) -> None:
    backdrop = saved(Image.new("RGB", (50, 50), (1, 2, 3)), "PNG")
    files = [("image", PNG), ("background_image", backdrop)]
    job = studio.post("/api/v1/jobs/matting", files=files).json()["id"]
    over(studio, job)
    cut = np.asarray(Image.open(io.BytesIO(studio.get(f"/api/v1/jobs/{job}/result").content)))
    assert cut[10, 80].tolist() == [1, 2, 3]
    wrong = studio.post("/api/v1/jobs/cartoon", files={"image": PNG}, data={"stile": "anime"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_field")
    for job in ("0" * 32, "../../etc", "x"):
        assert studio.get(f"/api/v1/jobs/{job}").status_code in (404, 422)
    paths = studio.get("/openapi.json").json()["paths"]
    assert {"/api/v1/jobs/cartoon", "/api/v1/jobs/{job}", "/api/v1/jobs/{job}/result"} <= paths.keys()


@pytest.fixture
def slow(tmp_path: Path):  # type: ignore[no-untyped-def]
    with standin(tmp_path, seconds=0.3) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def test_clicks_go_before_jobs_and_a_cancelled_job_frees_the_rest(slow: httpx.Client, tmp_path: Path) -> None:
    jobs = [hand_in(slow, "cartoon", [PNG] * 30) for _ in range(2)]
    time.sleep(0.4)
    for _ in range(4):
        answer = slow.post("/api/v1/cartoon", files={"image": PNG})
        queue = float(answer.headers["server-timing"].split("queue;dur=")[1].split(",")[0])
        assert queue < 1000 * 0.3 + 250, answer.headers["server-timing"]
    early = slow.get(f"/api/v1/jobs/{jobs[0]}/result")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_finished")
    for job in jobs:
        assert slow.delete(f"/api/v1/jobs/{job}").status_code == 204
        assert state(slow, job)["state"] == "cancelled"
        assert slow.get(f"/api/v1/jobs/{job}/result").status_code == 410
    while metric(slow.get("/metrics").text, "prewarm_in_flight"):
        time.sleep(0.02)
    left = [path.name for path in tmp_path.rglob("uploads-jobs/*/*")]
    assert set(left) == {"record.json", "cancelled"}


def test_one_visitor_has_so_many_jobs_at_a_time(slow: httpx.Client) -> None:
    jobs = [hand_in(slow, "matting", [PNG] * 20) for _ in range(4)]
    refused = slow.post("/api/v1/jobs/matting", files={"image": PNG})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "busy")
    assert int(refused.headers["retry-after"]) > 0
    many = slow.post("/api/v1/jobs/matting", files=[("image", PNG)] * 501)
    assert many.status_code == 413
    slow.delete(f"/api/v1/jobs/{jobs[0]}")
    last = hand_in(slow, "matting", [PNG])
    for job in (*jobs, last):
        slow.delete(f"/api/v1/jobs/{job}")


def test_another_instance_tells_and_cancels_and_sigterm_loses_nothing(tmp_path: Path) -> None:
    shared, ports = tmp_path / "jobs", (free_port(), free_port())
    flags = ("--jobs-dir", str(shared))
    processes = [start_standin(port, tmp_path, *flags, seconds=0.2) for port in ports]
    clients = ExitStack()
    try:
        for port in ports:
            wait_for(port, "/readyz", 200)
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        first, second = (clients.enter_context(httpx.Client(base_url=at, timeout=60)) for at in addresses)
        job, given_up = hand_in(first, "cartoon", [PNG] * 8), hand_in(first, "matting", [PNG] * 50)
        assert state(second, job)["total"] == 8
        second.delete(f"/api/v1/jobs/{given_up}")
        processes[0].send_signal(signal.SIGTERM)
        assert processes[0].wait(30) == 0
        assert state(second, given_up)["state"] == "cancelled"
        assert (state(second, job)["state"], state(second, job)["done"]) == ("done", 8)
        with zipfile.ZipFile(io.BytesIO(second.get(f"/api/v1/jobs/{job}/result").content)) as archive:
            assert len(archive.namelist()) == 9
        orphan = hand_in(second, "cartoon", [PNG] * 50)
        processes[1].kill()
        assert processes[1].wait(10)
    finally:
        clients.close()
        for process in processes:
            process.kill()
            process.communicate()
    record = shared / orphan / "record.json"
    os.utime(record, (time.time() - LEASE_SECONDS - 1,) * 2)
    assert JobStore(shared).read(orphan).state == "lost"  # type: ignore[union-attr]


class Patient:
    """A pipeline that takes its time."""

    def stylize(self, pictures: list[np.ndarray]) -> list[Stylized]:
        time.sleep(0.1)
        return [Stylized(picture, ()) for picture in pictures]


def test_what_a_stop_interrupts_is_told_and_what_was_done_can_be_fetched(tmp_path: Path) -> None:
    resident: Resident[Any] = Resident("cartoon")
    resident.configure(lambda slot: Patient())
    resident.load()
    service = server.create({"cartoon": resident}, tmp_path / "up", retention_minutes=30)
    client = TestClient(service.layered())
    job = client.post("/api/v1/jobs/cartoon", files=[("image", PNG)] * 50).json()["id"]
    while not client.get(f"/api/v1/jobs/{job}").json()["done"]:
        time.sleep(0.02)
    assert service.lifecycle.busy
    service.runner.stop()
    told = client.get(f"/api/v1/jobs/{job}").json()
    assert told["state"] == "interrupted"
    assert 0 < told["done"] < 50
    with zipfile.ZipFile(io.BytesIO(client.get(f"/api/v1/jobs/{job}/result").content)) as archive:
        assert len(archive.namelist()) == told["done"] + 1


class Gathering:
    """A pipeline that does nothing before `together` are in it, as on a GPU that gathers them."""

    def __init__(self) -> None:
        self.together = threading.Barrier(1, timeout=30)

    def stylize(self, pictures: list[np.ndarray]) -> list[Stylized]:
        self.together.wait()
        return [Stylized(picture, ()) for picture in pictures]


def test_as_many_files_are_under_way_as_the_device_wants_once_it_is_known(tmp_path: Path) -> None:
    pipeline, resident = Gathering(), Resident[Any]("cartoon", queue=ModelQueue(running=at_once.GPU_CLICKS))
    resident.configure(lambda slot: pipeline)
    client = TestClient(server.create({"cartoon": resident}, tmp_path / "up", retention_minutes=30).layered())
    assert over(client, hand_in(client, "cartoon", [PNG]))["state"] == "done"
    resident.slot().report(device="cuda:0")
    files = at_once.workers("cuda:0")
    pipeline.together = threading.Barrier(files, timeout=30)
    told = over(client, hand_in(client, "cartoon", [*[PNG] * files, b"no picture", *[PNG] * files]))
    assert [item["number"] for item in told["items"]] == list(range(1, 2 * files + 2))
    assert (told["done"], told["failed"]) == (2 * files, 1)


def test_a_record_is_whole_whenever_it_is_read(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "jobs")
    store.open()
    job = store.new_id()
    record = Record(job, "cartoon", created=1.0, items=tuple(Item(number) for number in range(1, 301)))
    for number in range(50):
        store.write(replace(record, progress=number / 50))
        assert json.loads((tmp_path / "jobs" / job / "record.json").read_text())["progress"] == number / 50
    assert len(list((tmp_path / "jobs" / job).iterdir())) == 1
    assert (tmp_path / "jobs").stat().st_mode & 0o777 == 0o700
