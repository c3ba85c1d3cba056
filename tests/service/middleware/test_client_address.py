"""Who may come in, how often, and who they are behind a proxy: one real process with everything switched on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.middleware.client_address import household
from service.middleware.rate_limit import Buckets
from tests.helpers.picture_makers import quarters, saved
from tests.helpers.running import metric, standin

PNG = saved(quarters(), "PNG")
LOGIN = ("ann", "s3:cret")
TOKEN = {"Authorization": "Bearer t0ken"}
PER_MINUTE = 5


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    flags = ["--auth", ":".join(LOGIN), "--token", "t0ken", "--rate", str(PER_MINUTE), "--trusted-proxy", "127.0.0.0/8"]
    with (
        standin(tmp_path_factory.mktemp("guarded"), *flags, page=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


DOORS = [
    *(("GET", path) for path in ("/", "/config", "/docs", "/openapi.json", "/gradio_api/info", "/theme.css", "/login")),
    *(("GET", path) for path in ("/gradio_api/file=/etc/passwd", "/gradio_api/heartbeat/x", "/v2/models/cartoon")),
    *(("GET", path) for path in ("/api/v1/models", "/api/v1/jobs/x", "/static/img/logo.svg", "/nothing")),
    *(("POST", path) for path in ("/api/v1/cartoon", "/gradio_api/upload", "/gradio_api/queue/join")),
    *(("POST", path) for path in ("/gradio_api/call/cartoon", "/gradio_api/run/cartoon", "/login")),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_for_the_login(guarded: httpx.Client, method: str, path: str) -> None:
    for given in ({}, {"auth": ("ann", "wrong")}, {"headers": {"Authorization": "Basic %%%"}}):
        refused = guarded.request(method, path, **given)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
        assert refused.headers["www-authenticate"].startswith("Basic ")


def test_the_login_opens_the_page_and_the_token_opens_rest(guarded: httpx.Client) -> None:
    assert "gradio" in guarded.get("/", auth=LOGIN).text.lower()
    assert guarded.get("/docs", auth=LOGIN).status_code == 200
    assert guarded.get("/api/v1/models", auth=LOGIN).status_code == 200
    assert guarded.get("/api/v1/models", headers=TOKEN).status_code == 200
    assert guarded.get("/api/v1/models", headers={"Authorization": "Bearer no"}).status_code == 401


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/v2/health/live", "/v2/health/ready"])
def test_probes_and_metrics_stay_open(guarded: httpx.Client, path: str) -> None:
    assert guarded.get(path).status_code == 200


def test_who_asks_too_often_is_told_when_to_come_back_and_others_go_on(guarded: httpx.Client) -> None:
    def ask(visitor: str) -> httpx.Response:
        headers = {**TOKEN, "X-Forwarded-For": f"10.9.9.9, {visitor}"}
        return guarded.post("/api/v1/matting", files={"image": PNG}, headers=headers)

    assert [ask("192.0.2.1").status_code for _ in range(PER_MINUTE)] == [200] * PER_MINUTE
    refused = ask("192.0.2.1")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "busy")
    assert 1 <= int(refused.headers["retry-after"]) <= 60 / PER_MINUTE
    assert ask("192.0.2.2").status_code == 200
    assert metric(guarded.get("/metrics").text, "prewarm_rejected_total", reason="rate") == 1
    looking = {**TOKEN, "X-Forwarded-For": "192.0.2.1"}
    assert guarded.get("/api/v1/models", headers=looking).status_code == 200


def test_a_forwarded_address_from_a_stranger_counts_for_nothing(tmp_path: Path) -> None:
    with standin(tmp_path, "--rate", "2") as address, httpx.Client(base_url=address) as client:
        forged = [
            client.post("/api/v1/matting", files={"image": PNG}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(3)
        ]
    assert [answer.status_code for answer in forged] == [200, 200, 429]


def test_a_bucket_fills_steadily_and_one_household_shares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("service.middleware.rate_limit.time.monotonic", lambda: now[0])
    buckets = Buckets(60)
    assert not any(buckets.take("a") for _ in range(60))
    assert buckets.take("a") == pytest.approx(1.0)
    now[0] += 1.0
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    assert household("2001:db8:1:2:3::4") == household("2001:db8:1:2:ffff::1") != household("2001:db8:1:3::1")
    assert household("::ffff:192.0.2.7") == "192.0.2.7"
