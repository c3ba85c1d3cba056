"""So many requests a minute for each visitor."""

import httpx
import pytest

from service.middleware.client_address import household
from service.middleware.rate_limit import Buckets
from tests.helpers.guarded import PER_MINUTE, TOKEN
from tests.helpers.picture_makers import PNG
from tests.helpers.running import metric


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
