"""Several processes on one empty folder: one prepares, the others wait, a killed one is succeeded, none sees half."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.catalog import CATALOG
from models.errors import WeightsError
from models.runtime.slot import Slot
from models.weights import stale_files
from models.weights.artifact_cache import build_sound, keep, prepared
from tests.helpers.fake_weights import flip
from tests.helpers.running import ROOT

# Prepares in two steps, tells each on standard output, then what was there to be seen.
PROGRAM = """
import sys, time
from pathlib import Path
from models.weights.artifact_cache import keep

def make(folder):
    print("begun", flush=True)
    (folder / "first").write_text("1")
    time.sleep(float(sys.argv[2]))
    (folder / "second").write_text("2")

print(keep(Path(sys.argv[1]), make), sorted(path.name for path in Path(sys.argv[1]).glob("[!.]*")))
"""
WHOLE = "True ['first', 'second']"


def starter(folder: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_one_prepares_while_the_others_wait(tmp_path: Path) -> None:
    processes = [starter(tmp_path / "kept", 0.5) for _ in range(4)]
    said = [process.communicate(timeout=60)[0].splitlines() for process in processes]
    assert sorted(len(lines) for lines in said) == [1, 1, 1, 2]
    assert {lines[-1] for lines in said} == {WHOLE}
    assert os.listdir(tmp_path) == ["kept"]


def test_one_killed_at_it_is_succeeded(tmp_path: Path) -> None:
    killed = starter(tmp_path / "kept", 600)
    assert killed.stdout.readline() == "begun\n"
    second = starter(tmp_path / "kept", 0)
    time.sleep(1)
    assert not (tmp_path / "kept").exists()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert second.communicate(timeout=60)[0].splitlines() == ["begun", WHOLE]
    assert os.listdir(tmp_path) == ["kept"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "first").touch()
        raise ValueError

    with pytest.raises(ValueError):
        keep(tmp_path / "kept", fail)
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_kept_everybody_prepares_their_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # no folder can be made below it, not even by root
    with prepared(tmp_path / "file" / "kept", lambda folder: (folder / "first").write_text("1")) as own:
        assert (own / "first").read_text() == "1"
    assert not own.exists()


def replaced(path: Path, place: Callable[[Path], object]) -> None:
    path.unlink()
    place(path)


@pytest.mark.parametrize("name", ["net-1/net.bin", "compiled/net-2/net.bin"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        flip,
        Path.unlink,
        lambda path: replaced(path, lambda path: path.symlink_to("/no/such/file")),
        lambda path: replaced(path, Path.mkdir),
        lambda path: (path.parent / ".sums.json").unlink(),
    ],
    ids=["empty", "cut", "flipped", "gone", "dangling", "folder", "of an older version"],
)
def test_what_was_damaged_is_prepared_anew(damage: Callable[[Path], object], name: str, tmp_path: Path) -> None:
    model = CATALOG["cartoon"]["anime"]
    path = tmp_path / f"{model.key}-0" / name
    tries: list[int] = []

    def build(slot: Slot[bytes]) -> bytes:
        tries.append(1)
        keep(path.parent, lambda folder: (folder / path.name).write_bytes(b"weights"))
        if len(tries) == 2:
            raise RuntimeError("the engine cannot read it")
        return path.read_bytes()

    assert build_sound(Slot(model), build=build, artifacts=tmp_path) == b"weights"
    damage(path)
    assert build_sound(Slot(model), build=build, artifacts=tmp_path) == b"weights"
    assert len(tries) == 3 and os.listdir(path.parent.parent) == [path.parent.name]


@pytest.mark.parametrize(
    "error", [MemoryError(), WeightsError("gone", reason="missing_file"), RuntimeError("the engine is at fault")]
)
def test_a_failure_of_another_kind_costs_nothing_that_was_prepared(error: Exception, tmp_path: Path) -> None:
    model = CATALOG["cartoon"]["anime"]
    keep(made := tmp_path / f"{model.key}-0" / "net-1", lambda folder: (folder / "net.bin").write_bytes(b"weights"))
    if not isinstance(error, RuntimeError):
        (made / ".sums.json").unlink()

    def build(slot: Slot[bytes]) -> bytes:
        raise error

    with pytest.raises(type(error)):
        build_sound(Slot(model), build=build, artifacts=tmp_path)
    assert (made / "net.bin").read_bytes() == b"weights"


def test_wrong_answers_from_damaged_files_are_of_damage(tmp_path: Path) -> None:
    model = CATALOG["cartoon"]["anime"]
    keep(made := tmp_path / f"{model.key}-0" / "net-1", lambda folder: (folder / "net.bin").write_bytes(b"weights"))
    flip(made / "net.bin")
    (begun := made.with_name(f".{stale_files.mark()}")).mkdir()

    def build(slot: Slot[bytes]) -> str:
        if made.exists():
            raise WeightsError("no longer gives its known answer", reason="known_answer")
        return "prepared anew"

    assert build_sound(Slot(model), build=build, artifacts=tmp_path) == "prepared anew"
    assert begun.exists()
