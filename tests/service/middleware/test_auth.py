"""Who may come in: a login for every door, a token for programs."""

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.helpers.guarded import LOGIN, TOKEN

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


def test_a_token_is_asked_of_rest_and_of_nothing_else(client: TestClient) -> None:
    refused = client.get("/api/v1/models")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    assert client.get("/api/v1/models", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/api/v1/models", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert client.get("/livez").status_code == 200
