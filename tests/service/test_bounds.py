"""Start-and-cancel loops and calls past the queue: the model's own bound holds whatever the door."""

import concurrent.futures
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.helpers.picture_makers import PNG
from tests.helpers.running import metric, standin

MARK, CONTENT = "gran-birthday-7731", b"marked-content-4419"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bounds")


@pytest.fixture(scope="module")
def open_house(folder: Path) -> Iterator[httpx.Client]:
    with (
        standin(folder, "--queue", "8", "--log-json", seconds=0.02, page=True) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def watched(client: httpx.Client, stop: threading.Event, seen: list[tuple[float, float]]) -> None:
    """Notes how many run and wait for the cartoon, again and again."""
    while not stop.is_set():
        text = client.get("/metrics").text
        names = ("prewarm_in_flight", "prewarm_queue_depth")
        seen.append(tuple(metric(text, name, task="cartoon") for name in names))  # type: ignore[arg-type]


def start_and_cancel(client: httpx.Client, path: str, number: int) -> None:
    """A job of the page given up at once."""
    data = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}, "anime", 0.7, 1024, "png", 90]}
    session = {"session_hash": f"s{number}"}
    answer = client.post("/gradio_api/call/cartoon", json=data | session)
    if answer.status_code == 200:
        client.post("/gradio_api/cancel", json=session | {"fn_index": 0, "event_id": answer.json()["event_id"]})


def hang_up(client: httpx.Client, body: bytes, kind: str) -> None:
    """A request over REST that is given up once it was sent."""
    parts = urlsplit(str(client.base_url))
    head = f"POST /api/v1/cartoon HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(head.encode() + body)


def test_limits_hold_under_start_and_cancel_and_calls_past_the_queue(open_house: httpx.Client) -> None:
    cancelled, past = 40, 20
    path = open_house.post("/gradio_api/upload", files={"files": ("a.png", PNG)}).json()[0]
    form = httpx.Request("POST", "http://x", files={"image": PNG})
    body, kind = form.read(), form.headers["content-type"]
    seen: list[tuple[float, float]] = []
    stop = threading.Event()
    watcher = threading.Thread(target=watched, args=(open_house, stop, seen))
    watcher.start()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(start_and_cancel, open_house, path, number) for number in range(cancelled)]
        jobs += [pool.submit(hang_up, open_house, body, kind) for _ in range(cancelled)]
        direct = [pool.submit(open_house.post, "/api/v1/cartoon", files={"image": PNG}) for _ in range(past)]
        for job in jobs:
            job.result()
        codes = {one.result().status_code for one in direct}
    stop.set()
    watcher.join()
    assert codes <= {200, 429}
    assert max(running for running, _ in seen) == 1
    assert max(waiting for _, waiting in seen) <= 8
    for _ in range(200):
        text = open_house.get("/metrics").text
        if not metric(text, "prewarm_in_flight") and not metric(text, "prewarm_queue_depth"):
            break
        time.sleep(0.05)
    assert open_house.post("/api/v1/cartoon", files={"image": PNG}).status_code == 200


def test_no_name_and_no_content_is_logged_whatever_the_door(open_house: httpx.Client, folder: Path) -> None:
    go_through_every_door(open_house)
    open_house.post("/api/v1/cartoon", files={"image": PNG}, headers={"X-Request-Id": "last"})
    while '"id": "last"' not in (text := (folder / "log.txt").read_text()):
        time.sleep(0.02)
    assert '"id": "my-id-1", "task": "cartoon"' in text
    assert MARK not in text
    assert CONTENT.decode() not in text
    assert "Traceback" not in text


def go_through_every_door(client: httpx.Client) -> None:
    marked = PNG + CONTENT
    files = {"image": (f"{MARK}.png", marked)}
    given = {"X-Request-Id": "my-id-1"}
    answer = client.post("/api/v1/cartoon", files=files, headers=given)
    assert answer.headers["x-request-id"] == "my-id-1"
    made = client.post("/api/v1/cartoon", files={"image": (f"{MARK}.png", CONTENT)}, headers={"X-Request-Id": "a b"})
    assert made.headers["x-request-id"] != "a b"
    client.post("/api/v1/jobs/cartoon", files=files)
    path = client.post("/gradio_api/upload", files={"files": (f"{MARK}.png", marked)}).json()[0]
    start_and_cancel(client, path, 9999)
    client.get(f"/gradio_api/file={path}?{MARK}")


def test_bad_input_is_refused_within_a_tenth_of_a_second(open_house: httpx.Client) -> None:
    bad = [b"", b"just text", PNG[:80], b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, b"<svg/>"]
    for data in bad:
        taken = []
        for _ in range(3):
            started = time.perf_counter()
            answer = open_house.post("/api/v1/cartoon", files={"image": data})
            taken.append(time.perf_counter() - started)
            assert answer.status_code in (400, 413, 415)
        assert min(taken) < 0.1
