"""preload.py as the program a user runs, on the sample models."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import preload
import settings
from models.catalog import CATALOG, DEFAULT_VARIANT, FAMILIES, Family, Model
from models.errors import DeviceFull, DeviceLost
from models.parity import Difference
from models.runtime.resident import Resident, Slot
from models.weights.store import Located

ROOT = Path(__file__).parent.parent


def run_preload(cache: Path, *flags: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "preload.py", "--models", "sample", "--cache", str(cache), *flags]
    environment = {**os.environ, "PREWARM_PRELOAD": "default", **environ}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env=environment)


@pytest.fixture(scope="module")
def prepared(first_start: Path, lent: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    told = (first_start / "told.txt").read_text()
    assert "emotion-large" in told
    assert told.count(" ready ") >= 3
    assert told.count(" sample ") >= 3
    return lent(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> dict[Family, Resident[Any]]:
    """Residents in the place of the singletons, on the same queues."""
    fresh = {family: Resident[Any](family, queue=preload.RESIDENTS[family].queue) for family in FAMILIES}
    monkeypatch.setattr(preload, "RESIDENTS", fresh)
    return fresh


def test_a_cache_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    done = run_preload(tmp_path / "cache")
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert done.stderr.startswith(f"prewarm: the cache {tmp_path / 'cache'} is no folder; ")


def test_a_second_start_converts_nothing_again(prepared: Path) -> None:
    networks = {path: path.stat().st_mtime_ns for path in prepared.rglob("emotion.xml")}
    assert len(networks) == 1
    assert run_preload(prepared).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in prepared.rglob("emotion.xml")} == networks


def test_an_answer_that_is_not_the_known_one_fails_that_model_alone(prepared: Path) -> None:
    kept = next(path for path in prepared.rglob("known-answer-*.json") if "matting" in str(path.parent))
    before = kept.read_text()
    known = json.loads(before)
    kept.write_text(json.dumps({name: [value + 40 for value in values] for name, values in known.items()}))
    done = run_preload(prepared)
    kept.write_text(before)
    assert done.returncode == 1
    assert "matting-portrait no longer gives its known answer" in done.stderr
    assert done.stdout.count(" ready ") == 2


def test_a_missing_file_is_named_with_its_remedy(tmp_path: Path, prepared: Path) -> None:
    folder = tmp_path / "emotion"
    folder.mkdir()
    done = run_preload(prepared, "--emotion-dir", str(folder))
    assert done.returncode == 1
    assert "configuration.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_weights_travel_in_one_file(tmp_path: Path, lent: Callable[[Path], Path]) -> None:
    """Real networks, those of the samples, as if they were ModelScope's: packed here, served there without a hub."""
    here, there = tmp_path / "here", tmp_path / "there"
    packing, unpacking = (lent(tmp_path / name) for name in ("packing", "unpacking"))
    for task, sample in (("cartoon", "cartoon"), ("matting", "matting"), ("emotion", "emotion")):
        model = CATALOG[task][DEFAULT_VARIANT[task]]
        shutil.copytree(ROOT / "models" / "samples" / sample, here / "hub" / "models" / model.id)
    packed = run_preload(packing, "--models", "hub", "--export", str(tmp_path), MODELSCOPE_CACHE=str(here))
    assert "packed into" in packed.stdout, packed.stderr
    away = {"MODELSCOPE_CACHE": str(there), "MODELSCOPE_ENDPOINT": "http://127.0.0.1:9"}
    file = str(tmp_path / "prewarm-models.tar")
    unpacked = run_preload(unpacking, "--models", "hub", "--import", file, **away)
    assert unpacked.returncode == 0, unpacked.stderr
    assert unpacked.stdout.count(" cache ") == 3


def test_all_that_can_be_had_is_warm_and_what_cannot_fails_nothing(prepared: Path) -> None:
    done = run_preload(prepared, "--preload", "all")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" ready ") == 8 and "cartoon-sd-" not in done.stdout
    assert done.stderr.index("emotion-large ready") < done.stderr.index("cartoon-3d: fetching")
    assert "cartoon-3d warmed up, answered in" in done.stderr


def test_a_style_that_is_named_and_cannot_be_had_fails(prepared: Path) -> None:
    done = run_preload(prepared, "--preload", "sd-design")
    assert done.returncode == 1 and "sd-design has no sample weights" in done.stderr
    assert done.stdout.count(" ready ") == 3 and done.stdout.count("cartoon-sd-design ") == 1


def test_the_others_wait_while_somebody_works(
    unloaded: dict[Family, Resident[Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(preload, "_build", lambda slot, **_: loaded.append(slot.model.key) or slot)
    options = settings.parse(["--models", "sample", "--preload", "3d,universal", "--cache", str(tmp_path)], {})
    preload.configure(options)
    with unloaded["emotion"].queue.enter(background=True):
        others = threading.Thread(target=preload.preload_others, args=(options,))
        others.start()
        others.join(3 * preload.ASIDE_SECONDS)
        assert others.is_alive() and not loaded
    others.join(60)
    assert loaded == ["cartoon-3d", "matting-universal"]


def test_models_of_a_lost_gpu_are_loaded_again_where_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the CPU, in the end; what was there all along stays."""
    fresh = {family: Resident[Any](family) for family in FAMILIES}
    devices = {"cartoon": ["cuda:0", "cpu"], "matting": ["cuda:0", "cpu"], "emotion": ["cpu", "never"]}

    def build(slot: Slot[Any], **_: object) -> object:
        slot.report(device=devices[slot.model.family].pop(0))
        return object()

    def fail(pipeline: object) -> None:
        raise DeviceLost("The GPU works no more.", reason="device_lost")

    monkeypatch.setattr(preload, "RESIDENTS", fresh)
    monkeypatch.setattr(preload, "_build", build)
    assert preload.preload(settings.parse(["--models", "sample", "--preload", "default"], {}))
    with pytest.raises(DeviceLost):
        fresh["matting"].run(fail)
    for thread in threading.enumerate():
        if thread.name == "lost-device":
            thread.join(60)
    assert {family: resident.status.device for family, resident in fresh.items()} == dict.fromkeys(FAMILIES, "cpu")
    assert all(resident.status.state == "ready" for resident in fresh.values())


def test_samples_alone_are_not_exported(prepared: Path, tmp_path: Path) -> None:
    done = run_preload(prepared, "--export", str(tmp_path))
    assert done.returncode == 1 and "only sample weights" in done.stderr and not list(tmp_path.iterdir())


def test_every_warm_model_is_written_as_onnx_and_one_that_is_off_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def written(target: Path, model: Model, located: Located, *, threads: int) -> list[Difference]:
        return [Difference(f"{model.key} from {located.source}", 1.0, 1.0, 0.0, float(model.family == "matting"))]

    monkeypatch.setattr("models.exports.files.write", written)
    models = [(CATALOG[family][DEFAULT_VARIANT[family]], family != "emotion") for family in FAMILIES]
    monkeypatch.setattr(
        preload, "_slots", lambda: [SimpleNamespace(model=model, is_ready=ready) for model, ready in models]
    )
    options = settings.parse(["--models", "sample", "--cache", str(tmp_path)], {})
    assert not preload._export_onnx(options, tmp_path)
    told = [" ".join(line.split()[:3]) for line in capsys.readouterr().out.splitlines()]
    assert told == ["cartoon-anime from sample", "matting-portrait from sample"]


def test_verify_tells_of_a_device_that_has_no_room_for_a_second_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **how: object) -> list[Difference]:
        raise DeviceFull("The GPU's memory does not suffice for this.", reason="device_full")

    fresh = {family: Resident[Any](family) for family in FAMILIES}
    for resident in fresh.values():
        resident.slot().report(engine="torch", device="cuda:0", precision="f16")
    monkeypatch.setattr(preload, "RESIDENTS", fresh)
    monkeypatch.setattr("models.parity.compare", full)
    assert not preload.verify(settings.parse(["--models", "sample", "--cache", str(tmp_path)], {}))
    assert "cannot be compared: The GPU's memory does not suffice" in capsys.readouterr().err


@pytest.mark.stock
def test_verify_compares_every_model_with_stock_on_the_engine_that_was_asked_for(
    unloaded: dict[Family, Resident[Any]], prepared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--models", "sample", "--preload", "default", "--engine", "torch", "--device", "cpu"]
    options = settings.parse([*flags, "--cache", str(prepared)], {})
    assert preload.preload(options) and preload.verify(options)
    told = capsys.readouterr().out
    assert told.count("  ok") == 5
    assert told.count("torch · cpu · f32") == 3


@pytest.mark.parametrize("within", [True, False])
def test_what_is_not_within_tolerance_fails_the_program(
    unloaded: dict[Family, Resident[Any]], within: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(preload, "check", lambda options: SimpleNamespace(end_at_interrupts=lambda: None))
    monkeypatch.setattr(preload, "_build", lambda slot, **_: slot.report(engine="torch", device="cpu", precision="f32"))
    monkeypatch.setattr("models.parity.compare", lambda *_, **how: [Difference("all", 1.0, 1.0, 1.0, float(within))])
    flags = ["--models", "sample", "--preload", "default", "--cache", str(tmp_path)]
    assert preload.main([*flags, "--verify"]) == (0 if within else 1)
    assert preload.main(flags) == 0
