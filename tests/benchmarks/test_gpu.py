"""The benchmark of GPUs, run as a whole on the CPU device at tiny sizes: every table is there, with figures."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import preload
from benchmarks import gpu, gpu_goals
from benchmarks.make_standins import SUMS
from models.catalog import FAMILIES
from models.engines.devices import Machine
from models.engines.shared_sessions import SharedSessions
from models.runtime.fair_queue import FairQueue, ModelQueue
from models.runtime.resident import Resident
from models.weights.store import SAMPLES

ROWS = {
    "Starts": 1,
    "First requests": 3,
    "The device": 1,
    "What it can do": 1,
    "Copies": 1,
    "One request": 2,
    "Clients": 6,
    "Many pictures, long sound": 2,
    "Memory after each model": 3,
    "Memory over mixed requests": 3,
    "Stock": 1,
    "Goals": 5,
}
FIGURES = ("p50 ms", "networks alone ms", "request / networks", "copies alone ms", "eager f32 ms", "TFLOP/s", "largest")


@pytest.fixture(scope="module")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples in the place of the large ones."""
    folder = tmp_path_factory.mktemp("standins")
    for family in FAMILIES:
        (folder / family).symlink_to(SAMPLES / family)
    (folder / SUMS).touch()
    return folder


@pytest.fixture
def own_residents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not those of the other tests in this process."""
    queue = FairQueue()
    fresh = {family: Resident[Any](family, queue=ModelQueue(shared=queue)) for family in FAMILIES}
    for name, value in (("QUEUE", queue), ("RESIDENTS", fresh), ("SESSIONS", SharedSessions())):
        monkeypatch.setattr(preload, name, value)


@pytest.mark.usefixtures("own_residents")
def test_every_table_is_there_with_figures(standins: Path, tmp_path: Path) -> None:
    flags = "--tiny --device cpu --threads 1 --no-stock --requests 4 --only cartoon emotion"
    gpu.main([*flags.split(), "--standins", str(standins), "--out", str(tmp_path)])
    tables = json.loads((tmp_path / "gpu.json").read_text())["tables"]
    theirs = tables.pop(gpu.THEIRS)
    assert {title: len(rows) for title, rows in tables.items()} == ROWS
    assert all(float(row[figure]) >= 0 and row["parity"] == "ok" for row in tables["One request"] for figure in FIGURES)
    assert all(row["parity"] == "ok" for row in (*tables["Clients"], *tables["Many pictures, long sound"]))
    assert all(float(row["GFLOP"]) > 0 for row in tables["One request"])
    assert {row["reached"] for row in tables["Goals"]} == {gpu_goals.NOT_JUDGED}
    assert "19.2 s" in {row["before"] for row in theirs} and gpu.THEIRS in (tmp_path / "gpu.md").read_text()


def test_what_is_missing_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = gpu.find_spec
    for lacking, told in (("openvino", "lacks openvino: pip install"), ("tensorflow", "making them needs TensorFlow")):
        monkeypatch.setattr(gpu, "find_spec", lambda name, lacking=lacking: None if name == lacking else there(name))
        with pytest.raises(SystemExit, match=told):
            gpu.options(["--device", "cpu", "--tiny", "--standins", str(tmp_path)])
    assert "gradio" not in {name for name in vars(gpu) if name in sys.modules}


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("", "--device cuda: the torch that is installed has no CUDA"),
        ("--device cuda:9 --tiny", "--device cuda:9: the torch that is installed has no CUDA"),
        ("--device mps", "only Macs with Apple silicon"),
        ("--device cpu", "take --tiny with --device cpu"),
        ("--device auto", "take --tiny with --device cpu"),
        ("--device cpu --tiny --precision int8", "int8 is OpenVINO's"),
        ("--device gpu", "'gpu' is none of auto, cpu, cuda, cuda:N, mps"),
        ("--device cpu --tiny --requests 0", "'0' is no whole number from 1"),
        ("--device cpu --tiny --only dance", "invalid choice: 'dance'"),
    ],
)
def test_a_device_that_cannot_be_ends_it_before_anything_is_made(
    flags: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gpu.devices, "machine", lambda: Machine())
    monkeypatch.setattr(gpu, "_ensure", lambda folder: pytest.fail("something was made"))
    with pytest.raises(SystemExit) as ended:
        gpu.options(flags.split())
    assert ended.value.code == 2 and told in capsys.readouterr().err.splitlines()[-1]


def test_a_goal_says_what_is_wanted_and_whether_it_is_reached() -> None:
    (row,) = (
        each for each in gpu_goals.judged(TABLES, is_judged=True) if each["goal"] == "eager f32 / matting 1024 px"
    )
    assert (row["wanted"], row["here"], row["reached"]) == ("≥ 4", "3.90", "no")


TABLES = {
    "One request": [{"case": "matting 1024 px", "request / networks": "1.2", "eager f32 / request": "3.90"}],
    "Many pictures, long sound": [],
    "First requests": [{"first / median": "1.1"}],
    "Memory over mixed requests": [{"RSS MB more": "0.0"}],
}
