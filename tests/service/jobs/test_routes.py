"""The jobs' routes within one process: handed in, asked after, fetched, given up."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service import server
from tests.helpers.picture_makers import PNG, quarters
from tests.helpers.standin import residents


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    service = server.create(residents(), tmp_path / "up", retention_minutes=30)
    with TestClient(service.layered(), raise_server_exceptions=False) as client:
        yield client


def handed_in(client: TestClient, *files: bytes, **fields: str) -> httpx.Response:
    return client.post("/api/v1/jobs/cartoon", files=[("image", file) for file in files], data=fields)


def over(client: TestClient, job: str) -> dict[str, Any]:
    for _ in range(500):
        told: dict[str, Any] = client.get(f"/api/v1/jobs/{job}").json()
        if told["state"] not in ("queued", "running"):
            return told
        time.sleep(0.02)
    raise AssertionError(f"the job is still {told}")


def test_a_job_is_taken_at_once_and_its_one_result_is_the_file(client: TestClient) -> None:
    taken = handed_in(client, PNG, strength="1.0")
    assert (taken.status_code, taken.headers["location"]) == (202, taken.json()["id"])
    assert taken.headers["retry-after"] == "1" and taken.headers["cache-control"] == "no-store"
    assert over(client, taken.json()["id"])["state"] == "done"
    result = client.get(f"/api/v1/jobs/{taken.json()['id']}/result")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(result.content))), 255 - np.asarray(quarters()))


def test_of_many_each_can_be_fetched_and_a_bad_one_cannot(client: TestClient) -> None:
    job = handed_in(client, PNG, b"no picture").json()["id"]
    told = over(client, job)
    assert [item["state"] for item in told["items"]] == ["done", "failed"]
    codes = [client.get(f"/api/v1/jobs/{job}/results/{number}").status_code for number in (1, 2, 3, 0)]
    assert codes == [200, 404, 404, 422]
    assert client.get(f"/api/v1/jobs/{job}/result").headers["content-type"] == "application/zip"


def test_what_was_given_up_is_gone(client: TestClient) -> None:
    job = handed_in(client, PNG).json()["id"]
    over(client, job)
    assert client.delete(f"/api/v1/jobs/{job}").status_code == 204
    told = client.get(f"/api/v1/jobs/{job}").json()
    assert told["state"] == "cancelled" and "source" not in told["items"][0]
    assert client.get(f"/api/v1/jobs/{job}/result").status_code == 410


def test_an_unknown_job_and_an_unknown_field_are_told(client: TestClient) -> None:
    assert client.get(f"/api/v1/jobs/{'0' * 32}").status_code == 404
    refused = handed_in(client, PNG, stile="anime")
    assert refused.status_code == 422 and "strength" in refused.json()["error"]["message"]
