"""How slow a body may come: silence and a crawl end it, its length does not."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from models.runtime.resident import Resident
from service.metrics import Metrics
from service.middleware import body_limits


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
            raise TimeoutError
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

    body = body_limits._Body(never, nobody, 10, announced=0)  # type: ignore[arg-type]
    assert asyncio.run(body.receive()) == {"type": "http.disconnect"}  # type: ignore[arg-type]
    assert body.refusal and body.refusal.status == 408
