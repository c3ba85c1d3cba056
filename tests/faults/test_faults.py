"""The quick part of every fault, against the real server process. README.md says which row of the list is where; the
same functions at full length are `./run.sh soak`."""

import random
from pathlib import Path

import pytest

from tests.faults import bounds, disk, doors, fuzz, hubs, life, steady
from tests.faults.servers import Figure, fill_cache, server
from tests.helpers.fake_weights import checkpoint, graph
from tests.helpers.odd_audio import REFUSED as ODD_RECORDINGS
from tests.helpers.odd_audio import SOUNDS, VOICES
from tests.helpers.odd_images import PICTURES
from tests.helpers.odd_images import REFUSED as ODD_PICTURES

HTML = b"<!DOCTYPE html><html>Please log in</html>"
CUT = ("detector.pb", graph("Conv2D")[:-9])
HOSTILE_GRAPH = ("tf_graph.pb", graph("Conv2D", "WriteFile"))
HOSTILE_PICKLE = ("model.pt", checkpoint(b"cos\nsystem\n(X\x04\x00\x00\x00true\x85R."))
DAMAGE = [
    {"cartoon": CUT, "matting": HOSTILE_GRAPH},
    {"cartoon": ("cartoon_h.pb", HTML), "emotion": HOSTILE_PICKLE},
]


def hold(figures: list[Figure]) -> None:
    assert not [figure for figure in figures if not figure.holds]


@pytest.mark.parametrize("damage", DAMAGE, ids=["cut, file-writing graph", "web page, hostile pickle"])
def test_damaged_weights_stop_their_models_and_no_other(tmp_path: Path, damage: dict[str, tuple[str, bytes]]) -> None:
    folders = dict(zip(("cartoon", "matting", "emotion"), fill_cache(tmp_path / "models"), strict=True))
    for task, (name, data) in damage.items():
        (folders[task] / name).write_bytes(data)
    with server(tmp_path, "--models", "hub", FAULTS_WEIGHTS="yes", MODELSCOPE_ENDPOINT="http://127.0.0.1:9") as running:
        _, states = life.settled(running)
    for task, (name, _) in damage.items():
        state, error = states.pop(task)
        assert state == "failed" and name in str(error) and str(tmp_path) not in str(error)
    assert {other for other, _ in states.values()} == {"ready"}


def test_killed_while_starting_fetching_and_loading_it_is_ready_the_next_time(tmp_path: Path) -> None:
    hold(life.kill(tmp_path, rounds=2, real=1, chance=random.Random(1)))


def test_a_good_cache_starts_without_asking_a_hub(tmp_path: Path) -> None:
    hold(hubs.hub_unasked(tmp_path))


def test_without_a_cache_a_broken_hub_is_told_and_the_next_start_goes_on(tmp_path: Path) -> None:
    """Of two faults; the hub's own tests show all of them."""
    hold(hubs.hub_alone(tmp_path, faults=("refused", "wrong"), FAULTS_PAUSE="0.05"))


def test_every_flipped_bit_is_found_before_load(tmp_path: Path) -> None:
    hold(life.flips(tmp_path, count=10, chance=random.Random(2)))


@pytest.mark.skipif(not disk.can_mount(), reason="a small file system of its own needs root")
def test_a_full_disk_is_survived(tmp_path: Path) -> None:
    hold(disk.full(tmp_path))


def test_the_bound_of_a_model_holds_under_cancelling_and_direct_calls(tmp_path: Path) -> None:
    hold(bounds.limits(tmp_path, cancels=24, direct=12))


def test_uploads_are_gone_after_their_time(tmp_path: Path) -> None:
    hold(bounds.uploads(tmp_path, seconds=2))


def test_attacks_are_refused(tmp_path: Path) -> None:
    hold(doors.attacks(tmp_path))


def test_odd_files_are_answered_properly_over_rest(tmp_path: Path) -> None:
    """Every third; the doors themselves see all of them in tests/models, the soak sends all of them."""
    hold(doors.strangers(tmp_path, (PICTURES + ODD_PICTURES)[::3], (VOICES + SOUNDS + ODD_RECORDINGS)[::3]))


@pytest.mark.parametrize("door", fuzz.DOORS)
@pytest.mark.parametrize("seed", fuzz.KEPT_SEEDS)
def test_damaged_files_never_break_a_door(door: str, seed: int) -> None:
    hold(fuzz.fuzz(door, cases=200, seed=seed))


def test_a_planted_leak_is_caught_and_none_is_seen_without(tmp_path: Path) -> None:
    hold(steady.leak(tmp_path, seconds=2, leaked=8_000_000))
