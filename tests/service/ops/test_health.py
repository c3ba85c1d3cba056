"""Whether the server is ready, and what strangers are told of it."""

from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from models.runtime.resident import Resident
from service.ops.drain import Lifecycle
from service.ops.health import readiness, told


def test_a_model_that_was_not_preloaded_is_503_with_a_reason(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["cartoon_warming"]


def test_strangers_see_the_name_of_a_bad_file_but_not_its_folder() -> None:
    status = Resident("cartoon").status
    error = "cartoon_h.pb is missing in /home/me/.cache/cartoon. Ask http://hub.example/x/y, or run ./run.sh."
    shown = told(replace(status, error=error))["error"]
    assert shown == "cartoon_h.pb is missing in cartoon. Ask http://hub.example/x/y, or run ./run.sh."


def test_models_to_be_warm_are_told_before_they_are_here_and_others_once_they_were_asked_for(tmp_path: Path) -> None:
    cartoon: Resident[str] = Resident("cartoon")
    cartoon.configure(lambda slot: slot.model.key)
    cartoon.slot("3d").report(wanted=True)
    cartoon.load("sketch")
    told = readiness({"cartoon": cartoon}, Lifecycle({"cartoon": cartoon}), tmp_path)["variants"]
    assert {key: (status["state"], status["wanted"]) for key, status in told.items()} == {
        "cartoon-3d": ("pending", True),
        "cartoon-sketch": ("ready", False),
    }


def test_a_style_that_cannot_be_had_takes_no_instance_out_of_service(tmp_path: Path) -> None:
    cartoon: Resident[str] = Resident("cartoon")
    cartoon.configure(lambda slot: slot.model.key)
    cartoon.load()
    cartoon.slot("3d").report(wanted=True, state="failed", error="Not here.")
    assert readiness({"cartoon": cartoon}, Lifecycle({"cartoon": cartoon}), tmp_path)["reasons"] == []
