"""What strangers must not get away with, against the real process on easy pipelines."""

import concurrent.futures
import http.client
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

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


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/gradio_api/queue/join", "application/json"),
        ("/gradio_api/call/cartoon", "application/json"),
        ("/api/v1/cartoon", "multipart/form-data; boundary=x"),
    ],
)
def test_a_large_body_is_refused_from_its_header(small: httpx.Client, path: str, kind: str) -> None:
    before = rejected(small, "body_too_large")
    started = time.perf_counter()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 524288000\r\n\r\n"
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
