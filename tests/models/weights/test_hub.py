"""Fetching is bounded, resumed and verified, whatever the hub and other processes do."""

import errno
import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from models.weights import manifest
from models.weights.hub import Patience
from models.weights.store import Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import (
    ANIME,
    EMOTION,
    IMPATIENT,
    NO_SAMPLE,
    SKETCH,
    cached,
    checkpoint,
    contents,
    count_hashes,
    flip,
    graph,
    locate,
    make_store,
    put,
    refusal,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """Has every model, each with two files that nobody needs."""
    models = (ANIME, SKETCH, NO_SAMPLE, EMOTION)
    repos = {model.id: contents(model) | {"README.md": b"#", "example/test.wav": bytes(100_000)} for model in models}
    with FakeHub(repos) as hub:
        yield hub


@pytest.mark.parametrize("hashes", [True, False])
def test_only_the_needed_files_are_fetched(store: Store, hub: FakeHub, hashes: bool) -> None:
    hub.hashes = hashes
    seen: list[tuple[int, int]] = []
    store = replace(store, endpoint=hub.endpoint)
    located = store.locate(ANIME, progress=lambda done, total: seen.append((done, total)))
    total = sum(map(len, contents(ANIME).values()))
    assert (located.source, located.folder) == ("hub", store.caches[0] / "hub" / "models" / ANIME.id)
    assert sorted(hub.fetched()) == sorted(ANIME.files) and seen == sorted(seen) and seen[-1] == (total, total)
    assert {name: (located.folder / name).read_bytes() for name in located.files} == contents(ANIME)
    requests = len(hub.requests)
    again = locate(store)
    assert (again.source, again.digest, len(hub.requests)) == ("cache", located.digest, requests)


def test_a_fetched_model_is_hashed_once(store: Store, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    locate(replace(store, endpoint=hub.endpoint))
    hashed = count_hashes(monkeypatch)
    locate(store)
    assert hashed == []


def test_a_cut_download_is_resumed_in_the_same_run(store: Store, hub: FakeHub) -> None:
    hub.file, hub.cuts = "cut", 2
    assert locate(replace(store, endpoint=hub.endpoint), EMOTION).source == "hub"
    assert hub.sent < sum(map(len, contents(EMOTION).values())) + 1000
    assert any("@" in request for request in hub.requests)


def test_a_cut_download_is_resumed_by_the_next_run(store: Store, hub: FakeHub) -> None:
    hub.file, hub.cuts = "cut", 3
    hub.repos[EMOTION.id] = {"model.pt": checkpoint()} | contents(EMOTION)
    only = replace(EMOTION, files=("model.pt",))
    store = replace(store, endpoint=hub.endpoint, mode="hub")
    assert refusal(store, only).reason == "hub_unreachable"
    assert not list(store.caches[0].rglob("model.pt"))
    sent = hub.sent
    assert sent > len(checkpoint()) * 0.8
    assert locate(replace(store, _silence={}), only).source == "hub"
    assert hub.sent == len(checkpoint())


def test_a_partial_file_of_another_version_is_fetched_anew(store: Store, hub: FakeHub) -> None:
    hub.file, hub.cuts = "cut", 3
    only = replace(EMOTION, files=("model.pt",))
    store = replace(store, endpoint=hub.endpoint, mode="hub")
    refusal(store, only)
    (part,) = store.caches[0].rglob("*.incomplete")
    part.write_bytes(bytes(part.stat().st_size))
    located = locate(replace(store, _silence={}), only)
    assert (located.folder / "model.pt").read_bytes() == checkpoint()


@pytest.mark.parametrize(
    ("where", "fault", "reason"),
    [
        ("listing", "500", "hub_failed"),
        ("listing", "404", "hub_not_found"),
        ("listing", "hang", "hub_unreachable"),
        ("listing", "trickle", "hub_unreachable"),
        ("listing", "html", "hub_wrong_bytes"),
        ("file", "500", "hub_failed"),
        ("file", "404", "hub_not_found"),
        ("file", "hang", "hub_unreachable"),
        ("file", "trickle", "hub_unreachable"),
        ("file", "wrong", "hub_wrong_bytes"),
        ("file", "html", "hub_wrong_bytes"),
    ],
)
def test_a_faulty_hub_is_a_clear_error(store: Store, hub: FakeHub, where: str, fault: str, reason: str) -> None:
    setattr(hub, where, fault)
    error = refusal(replace(store, endpoint=hub.endpoint, mode="hub", patience=IMPATIENT))
    assert error.reason == reason and hub.endpoint in error.message and "--models sample" in error.message
    assert not [path for path in store.caches[0].rglob("*.pb") if path.is_file()]


def test_patience_by_default_ends_within_half_a_minute() -> None:
    usual = Patience()
    assert usual.connect <= 10 and usual.read <= 20 and usual.listing < 30
    assert 2 * usual.read + 2 * usual.pause < 30


def test_a_slow_hub_succeeds(store: Store, hub: FakeHub) -> None:
    hub.file = "slow"
    assert locate(replace(store, endpoint=hub.endpoint)).source == "hub"


def test_a_silent_hub_is_waited_for_once(store: Store, hub: FakeHub) -> None:
    hub.listing = "hang"
    store = replace(store, endpoint=hub.endpoint, patience=IMPATIENT)
    assert locate(store).source == "sample"
    assert locate(store, SKETCH).source == "sample"
    assert hub.requests == ["listing"]


def test_a_damaged_cached_file_is_put_aside_and_fetched_again(store: Store, hub: FakeHub) -> None:
    store = replace(store, endpoint=hub.endpoint)
    folder = cached(store)
    locate(store)
    flip(folder / "cartoon_h.pb")
    located = locate(store)
    assert (located.source, located.folder, hub.fetched()) == ("hub", folder, ["cartoon_h.pb"])
    assert (folder / "cartoon_h.pb").read_bytes() == contents(ANIME)["cartoon_h.pb"]
    assert (folder / "cartoon_h.pb.damaged").exists()


def test_a_begun_download_of_modelscope_is_completed_where_it_is(store: Store, hub: FakeHub) -> None:
    owner, name = EMOTION.id.split("/")
    folder = put(store.caches[0] / "models" / f"{owner}--{name}" / "snapshots" / "master", EMOTION)
    (folder / "model.pt").rename(folder / "model.pt.incomplete")
    located = locate(replace(store, endpoint=hub.endpoint), EMOTION)
    assert (located.folder, hub.fetched()) == (folder, ["model.pt"])


def test_a_read_only_cache_is_read_and_the_state_takes_downloads(store: Store, hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = replace(store, caches=(tmp_path / "file" / "cache",), endpoint=hub.endpoint)
    located = locate(store)
    assert located.folder.is_relative_to(store.state)
    assert (locate(store).folder, hub.requests.count("listing")) == (located.folder, 1)


def test_a_hostile_graph_from_the_hub_never_lands(store: Store, hub: FakeHub) -> None:
    hub.repos[ANIME.id] = contents(ANIME) | {"cartoon_bg.pb": graph("Conv2D", "WriteFile")}
    assert refusal(replace(store, endpoint=hub.endpoint)).reason == "hostile_file"
    assert not list(store.caches[0].rglob("cartoon_bg.pb"))


def fetch_in_process(store: Store, gate: Barrier) -> None:
    gate.wait()
    located = locate(store)
    raise SystemExit(0 if located.files == {n: manifest.sha256_of(located.folder / n) for n in ANIME.files} else 1)


def test_two_processes_fetch_one_copy(store: Store, hub: FakeHub) -> None:
    hub.file = "slow"
    store = replace(store, endpoint=hub.endpoint, mode="hub")
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(2)
    processes = [context.Process(target=fetch_in_process, args=(store, gate)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(hub.fetched()) == sorted(ANIME.files)
    assert not list(store.caches[0].rglob("*.incomplete"))


def test_a_killed_download_leaves_nothing_wrong_and_goes_on(store: Store, hub: FakeHub) -> None:
    hub.repos[EMOTION.id] = {"tokens.txt": bytes(b"a" * 4_000_000)}
    hub.file = "slow"
    only, store = replace(EMOTION, files=("tokens.txt",)), replace(store, endpoint=hub.endpoint, mode="hub")
    process = multiprocessing.get_context("fork").Process(target=locate, args=(store, only))
    process.start()
    while not any(part.stat().st_size > 1_000_000 for part in store.caches[0].rglob("*.incomplete")):
        time.sleep(0.005)
    process.kill()
    process.join()
    hub.file = "ok"
    assert locate(store, only).source == "hub"
    assert hub.requests[-1].startswith("tokens.txt@")


def test_a_full_disk_is_a_clear_error(store: Store, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("models.weights.hub.settle", full)
    error = refusal(replace(store, endpoint=hub.endpoint, mode="hub"))
    assert error.reason == "cannot_write" and "No space left" in error.message


@pytest.mark.stock
def test_modelscope_itself_finds_what_was_fetched(store: Store, hub: FakeHub) -> None:
    from modelscope import snapshot_download

    located = locate(replace(store, endpoint=hub.endpoint))
    found = snapshot_download(ANIME.id, cache_dir=str(store.caches[0]), local_files_only=True)
    assert Path(found) == located.folder
