"""Whether the server is ready, and what strangers are told of it."""

from dataclasses import replace

from fastapi.testclient import TestClient

from models.runtime.resident import Resident
from service.ops.health import told


def test_a_model_that_was_not_preloaded_is_503_with_a_reason(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["cartoon_warming"]


def test_strangers_see_the_name_of_a_bad_file_but_not_its_folder() -> None:
    status = Resident("cartoon").status
    error = "cartoon_h.pb is missing in /home/me/.cache/cartoon. Ask http://hub.example/x/y, or run ./run.sh."
    shown = told(replace(status, error=error))["error"]
    assert shown == "cartoon_h.pb is missing in cartoon. Ask http://hub.example/x/y, or run ./run.sh."
