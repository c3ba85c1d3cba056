"""A model whose answers on a GPU are others runs on the CPU, and says so; who agrees is asked once."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import agreement
from models.engines import Compute
from models.engines.torch import session
from models.errors import DeviceFull, DeviceLost
from models.weights.store import SAMPLES

EMOTION = SAMPLES / "emotion"


def compute(folder: Path) -> Compute:
    return Compute("f32", 2, folder, engine="torch")


def test_who_agrees_stays_and_is_remembered(tmp_path: Path) -> None:
    found = agreement.opened("emotion", EMOTION, compute=compute(tmp_path))
    assert (found.compute.engine, found.note) == ("torch", None)
    (kept,) = tmp_path.glob("agreement-f32-*.json")
    kept.write_text(json.dumps({"off": "its 'scores' is off by 1"}))
    again = agreement.opened("emotion", EMOTION, compute=compute(tmp_path))
    assert (again.compute.engine, again.compute.device) == ("openvino", "cpu")
    assert "off by 1" in str(again.note)


def test_wrong_answers_run_on_the_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = session.ModuleSession.run_all

    def wrong(self: session.ModuleSession, several: list[dict[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
        rising = np.arange(9, dtype=np.float32)
        return [{**heard, "logits": heard["logits"] + rising} for heard in right(self, several)]

    monkeypatch.setattr(session.ModuleSession, "run_all", wrong)
    found = agreement.opened("emotion", EMOTION, compute=compute(tmp_path))
    assert found.compute.engine == "openvino" and "scores" in str(found.note)
    assert found.pipeline.warm_up()["scores"].shape


class Failing:
    """A pipeline of the torch engine on a card that fails at the first pass; the CPU's answers."""

    error: Exception

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        self.engine = compute.engine

    def warm_up(self) -> dict[str, np.ndarray]:
        if self.engine == "torch":
            raise self.error
        return {"head": np.zeros(3)}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DeviceFull("No.", reason="device_full"), "its memory does not suffice; see what nvidia-smi says"),
        (DeviceLost("No.", reason="device_lost"), "it works no more; see"),
        (RuntimeError("CUDA error: no kernel image\nCompile with ..."), "CUDA error: no kernel image; see"),
    ],
)
def test_a_card_that_fails_gives_way_to_the_cpu(
    error: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Failing, "error", error, raising=False)
    monkeypatch.setattr(agreement, "pipeline_class", lambda engine, task: Failing)
    found = agreement.opened("cartoon", EMOTION, compute=replace(compute(tmp_path), device="cuda:1"))
    assert (found.compute.engine, found.compute.device) == ("openvino", "cpu")
    assert found.note and found.note.startswith("cartoon runs on the CPU instead of cuda:1: ") and said in found.note
    with pytest.raises(type(error)):
        agreement.opened("cartoon", EMOTION, compute=compute(tmp_path))


@pytest.mark.parametrize(
    ("name", "off", "same"), [("head", 1, True), ("head", 2, False), ("points", 1, True), ("scores", 2e-5, False)]
)
def test_tolerances_are_those_of_the_precision(name: str, off: float, same: bool) -> None:
    exact = {name: np.arange(1000, dtype=np.float64)}
    ours = {name: exact[name].copy()}
    ours[name][3] += off
    assert (agreement.difference(ours, exact, "f32") is None) == same
    assert agreement.difference({name: np.zeros(3)}, exact, "f32") == f"its '{name}' has another shape"
