"""The memory of GPUs as probes and metrics tell it: of those on which a model is ready, and of no other."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from models.cartoon import Stylized
from models.engines import device_memory
from models.engines.device_memory import DeviceMemory
from models.engines.torch.failures import FULL, LOST
from models.errors import DeviceFull, DeviceLost
from models.runtime.resident import Resident
from service import server
from service.metrics import Metrics
from service.ops.drain import Lifecycle
from service.ops.health import readiness
from tests.helpers.drawings import png
from tests.helpers.running import metric

TOLD = DeviceMemory(used=6, peak=7, kept=8, limit=None, free=12, total=24, refused=3)


@pytest.fixture
def cartoon(monkeypatch: pytest.MonkeyPatch) -> Resident[Any]:
    """Its default on the second card, which can be asked; one style on the CPU instead."""
    monkeypatch.setattr(device_memory, "of", {"cuda:1": TOLD}.get)
    made: Resident[Any] = Resident("cartoon")
    made.configure(lambda slot: slot.model.key)
    made.slot().report(engine="torch", device="cuda:1", device_memory_mb=312.5)
    made.slot("3d").report(engine="openvino", device="cpu", note="cartoon runs on the CPU instead.")
    made.load("3d")
    return made


def test_a_device_is_told_once_a_model_is_ready_there(cartoon: Resident[Any], tmp_path: Path) -> None:
    residents = {"cartoon": cartoon}
    assert readiness(residents, Lifecycle(residents), tmp_path)["devices"] == {}
    cartoon.load()
    told = readiness(residents, Lifecycle(residents), tmp_path)
    assert told["devices"] == {"cuda:1": asdict(TOLD)}
    assert told["models"]["cartoon"]["device_memory_mb"] == 312.5


def test_metrics_have_all_of_it_and_who_left_the_device(cartoon: Resident[Any]) -> None:
    cartoon.load()
    text = generate_latest(Metrics({"cartoon": cartoon}, []).registry).decode()
    for name, size in {"used": 6, "peak": 7, "kept": 8, "free": 12, "total": 24}.items():
        assert metric(text, f"prewarm_device_memory_{name}_bytes", device="cuda:1") == size
    assert "prewarm_device_memory_limit_bytes{" not in text  # it cannot be asked there
    assert metric(text, "prewarm_device_memory_refused_total", device="cuda:1") == 3
    assert metric(text, "prewarm_model_device_memory_bytes", model="cartoon-anime", device="cuda:1") == 312.5e6
    fell = {key: metric(text, "prewarm_model_fell_back", model=key) for key in ("cartoon-anime", "cartoon-3d")}
    assert fell == {"cartoon-anime": 0, "cartoon-3d": 1}


class Cramped:
    """A cartoon pipeline on a card that has memory for 200 pixels a side, and is lost at 400."""

    def stylize(self, images: list[np.ndarray]) -> list[Stylized]:
        side = len(images[0])
        if side >= 400:
            raise DeviceLost(LOST, reason="device_lost")
        if side >= 200:
            raise DeviceFull(FULL, reason="device_full")
        return [Stylized(image, ()) for image in images]


def test_a_request_without_memory_gets_a_sentence_and_the_server_goes_on(tmp_path: Path) -> None:
    cartoon: Resident[Any] = Resident("cartoon")
    cartoon.configure(lambda slot: Cramped())
    cartoon.load()
    service = server.create({"cartoon": cartoon}, tmp_path, retention_minutes=30, root_path="", access=server.Access())
    client = TestClient(service.layered())

    def ask(side: int) -> tuple[int, str | None]:
        answer = client.post("/api/v1/cartoon", files={"image": png(np.full((side, side, 3), 90, np.uint8))})
        return answer.status_code, answer.json()["error"]["message"] if answer.status_code != 200 else None

    assert [ask(side) for side in (100, 200, 100)] == [(200, None), (503, FULL), (200, None)]
    assert ask(400) == (503, LOST) and cartoon.status.state == "failed"
    cartoon.load(again=True)
    assert ask(100) == (200, None)
