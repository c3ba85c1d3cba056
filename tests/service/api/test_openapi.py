"""The description of the REST routes for programs."""

from fastapi.testclient import TestClient


def test_a_path_given_by_a_proxy_is_told_to_programs(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/studio"}]
