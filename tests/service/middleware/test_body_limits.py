"""What strangers must not get away with, against the real process on easy pipelines."""

import asyncio
import concurrent.futures
import http.client
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from models.runtime.resident import Resident
from service.metrics import Metrics
from service.middleware import body_limits
from tests.helpers.picture_makers import PNG
from tests.helpers.running import metric, standin

JOBS = 12


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("limits")
    with (
        standin(folder, "--queue", "2", "--share", "100", seconds=0.5, page=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


def rejected(small: httpx.Client, reason: str) -> float:
    return metric(small.get("/metrics").text, "prewarm_rejected_total", reason=reason)


def raw(small: httpx.Client, request: bytes) -> bytes:
    """The start of the answer to exactly these bytes."""
    parts = urlsplit(str(small.base_url))
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(4000)


def test_a_full_line_is_429_at_once_and_probes_still_answer(small: httpx.Client) -> None:
    def send(_: int) -> tuple[int, float, str | None]:
        started = time.perf_counter()
        answer = small.post("/api/v1/matting", files={"image": PNG})
        return answer.status_code, time.perf_counter() - started, answer.headers.get("retry-after")

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        sent = [pool.submit(send, number) for number in range(JOBS)]
        time.sleep(0.15)
        asked = time.perf_counter()
        assert small.get("/livez").status_code == 200
        probe = time.perf_counter() - asked
        answers = [one.result() for one in sent]
    codes = [code for code, _, _ in answers]
    assert codes.count(200) == 3
    assert codes.count(429) == JOBS - 3
    assert all(int(retry or 0) >= 1 for code, _, retry in answers if code == 429)
    assert probe < 0.5
    assert rejected(small, "queue_full") >= JOBS - 3


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/call/cartoon", "/api/v1/models"])
def test_a_large_json_body_is_refused_from_its_header(small: httpx.Client, path: str) -> None:
    before = rejected(small, "body_too_large")
    started = time.perf_counter()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n"
    assert raw(small, head.encode()).startswith(b"HTTP/1.1 413")
    assert time.perf_counter() - started < 0.5
    assert rejected(small, "body_too_large") == before + 1


def test_a_large_body_without_a_length_is_cut_off(small: httpx.Client) -> None:
    answer = small.post("/gradio_api/queue/join", content=(b" " * 2**16 for _ in range(64)))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_the_client_that_sends_everything_first_still_gets_the_answer(small: httpx.Client) -> None:
    parts = urlsplit(str(small.base_url))
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    connection.request("POST", "/gradio_api/queue/join", body=b"x" * (20 * 2**20))
    assert connection.getresponse().status == 413


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", "x"])
@pytest.mark.parametrize("path", ["/api/v1/cartoon", "/gradio_api/queue/join", "/gradio_api/upload"])
def test_pages_of_other_sites_cannot_post(small: httpx.Client, origin: str, path: str) -> None:
    answer = small.post(path, files={"image": PNG}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_origin"


def test_our_own_page_can_post(small: httpx.Client) -> None:
    own = {"Origin": str(small.base_url).rstrip("/")}
    assert small.post("/api/v1/matting", files={"image": PNG}, headers=own).status_code == 200
    https = {"Origin": "https://studio.example", "Host": "studio.example"}
    assert small.post("/api/v1/matting", files={"image": PNG}, headers=https).status_code == 200


def test_headers_cannot_poison_the_page(small: httpx.Client) -> None:
    poison = {"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"}
    assert "evil.example" not in small.get("/", headers=poison).text
    assert "evil.example" not in small.get("/config", headers=poison).text
    assert raw(small, b'GET / HTTP/1.1\r\nHost: a"><script>\r\n\r\n').startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=settings.py",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/static/..%2f..%2f..%2fsettings.py",
        "/assets/..%2f..%2fsettings.py",
        "/gradio_api/runs",
        "/monitoring",
    ],
)
def test_no_route_gives_away_a_file_or_reaches_another_host(small: httpx.Client, path: str) -> None:
    answer = small.get(path)
    assert answer.status_code in (307, 400, 403, 404, 422), answer.text[:200]
    assert "root:" not in answer.text
    assert "argparse" not in answer.text


@pytest.mark.parametrize("path", ["/", "/docs", "/livez", "/api/v1/models", "/gradio_api/info", "/nothing"])
def test_every_answer_carries_the_security_headers(small: httpx.Client, path: str) -> None:
    headers = small.get(path).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_the_client_that_hangs_up_costs_the_model_nothing(small: httpx.Client) -> None:
    def told(name: str, **labels: str) -> float:
        return metric(small.get("/metrics").text, name, **labels)

    def served() -> float:
        return told("prewarm_inferences_total", model="matting-portrait")

    before = served()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        first = pool.submit(small.post, "/api/v1/matting", files={"image": PNG})
        while not told("prewarm_in_flight", task="matting"):
            time.sleep(0.01)
        with pytest.raises(httpx.ReadTimeout):
            small.post("/api/v1/matting", files={"image": PNG}, timeout=0.1)
        assert first.result().status_code == 200
    while told("prewarm_in_flight") or told("prewarm_queue_depth"):
        time.sleep(0.01)
    assert served() == before + 1
    assert rejected(small, "client_gone") == 1


class Clock:
    """Seconds that pass only while a body is waited for."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def received(monkeypatch: pytest.MonkeyPatch, folder: Path, pieces: Iterable[tuple[float, int]]) -> tuple[int, str]:
    """Status and sentence for a body whose pieces come after so many seconds, with so many bytes."""
    clock, sent = Clock(), []
    monkeypatch.setattr(body_limits, "time", clock)
    monkeypatch.setattr("service.middleware.refusal.DISCARD_SECONDS", 0.05)
    coming = iter(pieces)

    async def piece() -> dict[str, object]:
        seconds, size = next(coming, (0.0, -1))
        clock.now += seconds
        if seconds > body_limits.SILENCE_SECONDS:
            raise asyncio.TimeoutError
        return {"type": "http.request", "body": bytes(max(size, 0)), "more_body": size >= 0}

    async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        while (message := await receive()).get("more_body"):
            continue
        if message["type"] == "http.request":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/v1/emotion", "headers": [(b"host", b"x")]}
    metrics = Metrics({"cartoon": Resident("cartoon")}, [folder])
    asyncio.run(body_limits.BodyLimits(application, metrics)(scope, piece, send))
    status = next(message["status"] for message in sent if "status" in message)
    text = b"".join(bytes(message.get("body", b"")) for message in sent).decode()
    refused = metrics.registry.get_sample_value("prewarm_rejected_total", {"reason": "upload_too_slow"})
    assert bool(refused) == (status == 408)
    return int(status), text


@pytest.mark.parametrize(
    "pieces",
    [
        [(0.16, 2**16)] * 960,  # 60 MB at 400 KB a second
        [(8.0, 2**16)] * 160,  # 10 MB at 8 KB a second: twenty minutes
        [(19.0, 2**18)] * 9,  # in gusts
        [(0.1, 1000)] * 20 + [(15.0, 2**17)] * 4,  # a slow beginning
        [(19.0, 1)],  # a small body may come late
    ],
)
def test_an_upload_that_makes_progress_is_not_cut_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pieces: list[tuple[float, int]]
) -> None:
    assert received(monkeypatch, tmp_path, pieces)[0] == 200


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([(19.0, 1)] * 99, "less than 4 KB a second"),
        ([(0.01, 2**20)] * 60 + [(19.0, 1)] * 9, "less than 4 KB a second"),  # fast at first
        ([(0.5, 100)] * 999, "less than 4 KB a second"),
        ([(0.1, 2**20), (21.0, 2**20)], "Nothing more of the upload came for 20 seconds"),
    ],
)
def test_a_body_that_trickles_in_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pieces: list[tuple[float, int]], why: str
) -> None:
    status, text = received(monkeypatch, tmp_path, pieces)
    assert status == 408 and why in text


def test_a_body_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limits, "SILENCE_SECONDS", 0.05)

    async def never() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def nobody(message: object) -> None:
        raise AssertionError("nothing is sent")

    body = body_limits._Body(never, nobody, 10)  # type: ignore[arg-type]
    assert asyncio.run(body.receive()) == {"type": "http.disconnect"}  # type: ignore[arg-type]
    assert body.refusal and body.refusal.status == 408
