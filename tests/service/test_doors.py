"""Layers and options that need no process: slow uploads, tokens, log lines, paths behind a proxy."""

import asyncio
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.runtime.memory_budget import MemoryBudget
from models.runtime.resident import Resident
from service import server
from service.metrics import Metrics
from service.middleware import body_limits
from service.middleware.request_log import JsonFormatter
from service.ops.health import told
from service.ops.watchdog import Watchdog

RESIDENTS = {"cartoon": Resident("cartoon")}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    service = server.create(
        RESIDENTS, tmp_path / "up", retention_minutes=30, root_path="/studio", doors=server.Access(token="secret")
    )
    return TestClient(service.layered(), raise_server_exceptions=False)


def test_a_token_is_asked_of_rest_and_of_nothing_else(client: TestClient) -> None:
    refused = client.get("/api/v1/models")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    assert client.get("/api/v1/models", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/api/v1/models", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert client.get("/livez").status_code == 200


def test_a_path_given_by_a_proxy_is_told_to_programs(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/studio"}]


def test_a_model_that_was_not_preloaded_is_503_with_a_reason(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["cartoon_warming"]


def test_a_body_that_trickles_in_is_cut_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(body_limits, "SILENCE_SECONDS", 1.0)
    monkeypatch.setattr("service.middleware.refusal.DISCARD_SECONDS", 0.05)
    sent: list[dict[str, object]] = []

    async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        while (await receive()).get("more_body"):
            continue

    async def trickle() -> dict[str, object]:
        await asyncio.sleep(0.01 if not sent else 60)
        sent.append({})
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/v1/cartoon", "headers": [(b"host", b"x")]}
    metrics = Metrics(RESIDENTS, [tmp_path])
    asyncio.run(body_limits.BodyLimits(application, metrics)(scope, trickle, send))
    assert 408 in [message.get("status") for message in sent]
    assert metrics.registry.get_sample_value("prewarm_rejected_total", {"reason": "upload_too_slow"}) == 1


def test_a_request_is_one_line_without_name_or_content(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "prewarm.requests"):
        secret = {"Authorization": "Bearer secret", "X-Request-Id": "abc-1"}
        client.post("/api/v1/cartoon?who=me", files={"image": ("my face.png", b"mine")}, headers=secret)
    lines = [record for record in caplog.records if record.name == "prewarm.requests"]
    assert len(lines) == 1
    entry = json.loads(JsonFormatter().format(lines[0]))
    assert (entry["id"], entry["task"], entry["code"]) == ("abc-1", "cartoon", 503)
    assert entry["bytes_in"] > 0
    assert not {"face", "mine", "who", "secret"} & set(caplog.text.replace(".", " ").split())


def test_strangers_see_the_name_of_a_bad_file_but_not_its_folder() -> None:
    status = RESIDENTS["cartoon"].status
    error = "cartoon_h.pb is missing in /home/me/.cache/cartoon. Ask http://hub.example/x/y, or run ./run.sh."
    shown = told(replace(status, error=error))["error"]
    assert shown == "cartoon_h.pb is missing in cartoon. Ask http://hub.example/x/y, or run ./run.sh."


def test_an_inference_that_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    resident = Resident("cartoon")
    watchdog = Watchdog(resident)
    monkeypatch.setattr("service.ops.watchdog.STUCK_SECONDS", 0.05)
    with resident.queue.enter():
        watchdog.look()
        assert not watchdog.is_stuck()
        time.sleep(0.1)
        watchdog.look()
        assert watchdog.is_stuck()
    watchdog.look()
    assert not watchdog.is_stuck()


def test_decoded_pictures_wait_for_room_and_one_too_large_gets_in_alone() -> None:
    memory = MemoryBudget(100)
    most, lock = [0], threading.Lock()

    def work(size: int) -> None:
        with memory.hold(size):
            with lock:
                most[0] = max(most[0], memory.held)
            time.sleep(0.005)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [60, 40, 50, 99, 10, 150, 30, 70] * 3))
    assert memory.held == 0
    assert most[0] == 150
