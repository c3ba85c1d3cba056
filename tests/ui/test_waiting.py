"""A job for a model that is still loading waits, says so, and runs."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import preload
from models.cartoon import Stylized
from models.runtime.resident import Resident, Slot
from tests.helpers.drawings import png, portrait


class Negative:
    """Stands in for the cartoon pipeline."""

    def stylize(self, images: list[np.ndarray]) -> list[Stylized]:
        return [Stylized(255 - image, ()) for image in images]


def test_the_job_says_what_it_waits_for_and_then_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gradio as gr

    from ui.state.result_cache import ResultCache
    from ui.tabs.cartoon import CartoonTab

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    go = threading.Event()

    def build(slot: Slot[Any]) -> Negative:
        with slot.stage("warming"):
            go.wait(10)
        return Negative()

    resident: Resident[Any] = Resident("cartoon")
    resident.configure(build)
    monkeypatch.setattr(preload, "cartoon", resident)
    loader = threading.Thread(target=resident.load)
    loader.start()
    (tmp_path / "photo.png").write_bytes(png(portrait()))
    with gr.Blocks():
        tab = CartoonTab(ResultCache())
    request = SimpleNamespace(headers={}, session_hash="me", client=None)
    values = {tab.source: {"path": str(tmp_path / "photo.png")}, tab.style: "anime", tab.kept: None}
    values |= {tab.strength: 0.7, tab.resolution: 1024, tab.format: "png", tab.quality: 90, tab.panel.view: "result"}
    answers = tab.run(values, request)
    assert "warming up" in next(answers)[tab.panel.message]["value"]
    go.set()
    shown = next(answers)
    loader.join()
    assert "No face" in shown[tab.panel.message]["value"] and Path(shown[tab.panel.picture]["value"]).is_file()
    assert resident.status.served == 1
