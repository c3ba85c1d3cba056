"""The wiring, without starting a server."""

import stat
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import app
import preload
import settings


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    return tmp_path


def test_programs_are_served_without_the_page(uploads: Path) -> None:
    options = settings.parse(["--token", "secret", "--port", "7999"], {})
    client = TestClient(app.create(options, page=False).layered())
    assert client.get("/livez").status_code == 200
    assert client.get("/api/v1/models").status_code == 401
    assert client.get("/").status_code == 404
    (folder,) = uploads.glob("prewarm-*-7999")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_flags_reach_every_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for resident in preload.RESIDENTS.values():
        for name in ("waiting_limit", "share_percent", "running_limit"):
            monkeypatch.setattr(resident.queue, name, getattr(resident.queue, name))
    app.configure(settings.parse(["--queue", "7", "--share", "30", "--cache", str(tmp_path)], {}))
    queues = [resident.queue for resident in preload.RESIDENTS.values()]
    assert {(queue.waiting_limit, queue.share_percent) for queue in queues} == {(7, 30)}


def test_gradio_sends_nothing_out_and_has_a_folder_of_its_own(uploads: Path) -> None:
    import os

    folder = app.prepare_gradio(7998)
    assert folder.parent == uploads and folder.name.endswith("-7998")
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
