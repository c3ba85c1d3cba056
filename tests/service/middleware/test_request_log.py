"""One line per request, without names or content."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from service.middleware.request_log import JsonFormatter


def test_a_request_is_one_line_without_name_or_content(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "prewarm.requests"):
        secret = {"Authorization": "Bearer secret", "X-Request-Id": "abc-1"}
        client.post("/api/v1/cartoon?who=me", files={"image": ("my face.png", b"mine")}, headers=secret)
    lines = [record for record in caplog.records if record.name == "prewarm.requests"]
    assert len(lines) == 1
    entry = json.loads(JsonFormatter().format(lines[0]))
    assert (entry["id"], entry["task"], entry["code"]) == ("abc-1", "cartoon", 422)
    assert entry["bytes_in"] > 0
    assert not {"face", "mine", "who", "secret"} & set(caplog.text.replace(".", " ").split())
