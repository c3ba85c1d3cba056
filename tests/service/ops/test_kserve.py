"""KServe's probes and metadata."""

import pytest
from fastapi.testclient import TestClient


def test_the_server_lives_before_its_models_are_ready(client: TestClient) -> None:
    assert client.get("/v2").json()["name"] == "prewarm"
    assert client.get("/v2/health/live").json() == {"live": True}
    ready = client.get("/v2/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"ready": False})


@pytest.mark.parametrize(("name", "key"), [("cartoon", "cartoon-anime"), ("cartoon-sketch", "cartoon-sketch")])
def test_a_model_goes_by_its_task_or_its_own_name(client: TestClient, name: str, key: str) -> None:
    told = client.get(f"/v2/models/{name}").json()
    # Nothing of tensors: they cannot be sent.
    assert told == {"name": key, "versions": ["master"], "platform": "unknown"}
    ready = client.get(f"/v2/models/{name}/ready")
    assert (ready.status_code, ready.json()) == (503, {"name": key, "ready": False})


def test_an_unknown_model_is_404(client: TestClient) -> None:
    for path in ("/v2/models/cubist", "/v2/models/cubist/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
