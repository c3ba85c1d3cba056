"""One folder, several hosts, no locks of the system: one writer, a successor for a dead one, nothing left behind."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from models.weights import lease, stale_files
from models.weights.store import Located, Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import ANIME, EMOTION, PATIENT, cached, contents, locate, make_store, refusal

FORK = multiprocessing.get_context("fork")
BIG = {"tokens.txt": b"".join(b"%07d\n" % line for line in range(500_000))}
ONE_FILE = replace(EMOTION, files=tuple(BIG))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """Slow, so that there is time to come late and to be killed."""
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(lease, "SILENT_SECONDS", 0.8)
    with FakeHub({ANIME.id: contents(ANIME), EMOTION.id: BIG}, file="slow") as hub:
        yield hub


@pytest.fixture
def store(tmp_path: Path, hub: FakeHub) -> Store:
    return replace(make_store(tmp_path), endpoint=hub.endpoint, mode="hub")


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process seems to run on a host of its own, and none can say whether another one lives."""
    monkeypatch.setattr(stale_files, "_place", lambda: f"{os.getpid():08x}")


def began(store: Store) -> BaseProcess:
    """A process that has fetched a quarter of the big file."""
    process = FORK.Process(target=locate, args=(store, ONE_FILE))
    process.start()
    while not any(part.stat().st_size > 1_000_000 for part in store.caches[0].rglob("*.incomplete")):
        time.sleep(0.005)
    return process


def left(store: Store) -> list[str]:
    found = store.caches[0].parent.rglob("*")
    return sorted(p.name for p in found if "~" in p.name or "lease" in p.name or p.suffix == ".incomplete")


def fetch_and_check(store: Store) -> None:
    folder = locate(store).folder
    raise SystemExit({name: (folder / name).read_bytes() for name in ANIME.files} != contents(ANIME))


@pytest.mark.parametrize("same_host", [True, False])
def test_six_processes_fetch_one_copy(
    store: Store, hub: FakeHub, same_host: bool, request: pytest.FixtureRequest
) -> None:
    if not same_host:
        request.getfixturevalue("strangers")
    processes = [FORK.Process(target=fetch_and_check, args=(store,)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0] * 6
    assert sorted(hub.fetched()) == sorted(ANIME.files)
    assert left(store) == []


def test_who_waits_sees_how_far_the_other_one_is(store: Store, hub: FakeHub) -> None:
    hub.pace = 0.08
    process = began(store)
    seen: list[tuple[int, int]] = []
    located = store.locate(ONE_FILE, progress=lambda done, total: seen.append((done, total)))
    process.join()
    size = len(BIG["tokens.txt"])
    assert 0 < seen[0][0] < size and seen[-1] == (size, size) and {total for _, total in seen} == {size}
    assert hub.fetched() == ["tokens.txt"] and located.source == "hub"


def test_a_killed_fetcher_on_this_host_is_succeeded_at_once(store: Store, hub: FakeHub) -> None:
    process = began(store)
    process.kill()
    process.join()
    started = time.monotonic()
    assert (locate(store, ONE_FILE).folder / "tokens.txt").read_bytes() == BIG["tokens.txt"]
    assert time.monotonic() - started < lease.SILENT_SECONDS and hub.requests[-1].startswith("tokens.txt@")
    assert left(store) == []


@pytest.mark.usefixtures("strangers")
def test_a_silent_fetcher_elsewhere_is_succeeded_and_never_writes_again(store: Store, hub: FakeHub) -> None:
    process = began(store)
    os.kill(process.pid or 0, signal.SIGSTOP)
    folder = locate(store, ONE_FILE).folder
    assert hub.requests[-1].startswith("tokens.txt@")
    before = (folder / "tokens.txt").stat()
    os.kill(process.pid or 0, signal.SIGCONT)
    process.join(10)
    after = (folder / "tokens.txt").stat()
    assert process.exitcode == 0 and (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (folder / "tokens.txt").read_bytes() == BIG["tokens.txt"]
    assert left(store) == []


@pytest.mark.usefixtures("strangers")
def test_a_fetcher_that_brings_nothing_is_not_waited_for_forever(store: Store, hub: FakeHub) -> None:
    hub.file = "hang"
    process = FORK.Process(target=locate, args=(store, ONE_FILE))
    process.start()
    while "tokens.txt" not in hub.requests:
        time.sleep(0.01)
    error = refusal(replace(store, patience=replace(PATIENT, other=0.5)), ONE_FILE)
    process.kill()
    process.join()
    assert error.reason == "hub_unreachable" and "brought nothing" in error.message


def test_of_many_who_see_a_holder_die_one_succeeds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(lease, "SILENT_SECONDS", 1.5)
    (tmp_path / ".prewarm-lease.7").write_text('{"holder": "somebody"}')
    inside, most = [0], [0]

    def work() -> None:
        with lease.exclusive(tmp_path, patience=9, progress=lambda done, total: None) as held:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.03)
            held.require()
            inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] and list(tmp_path.iterdir()) == []


def test_a_complete_cache_is_cleared_of_what_a_killed_process_left(store: Store) -> None:
    folder = cached(store)

    def leave() -> None:
        kept = lease._take(folder, None)
        (folder / f"detector.pb.{stale_files.mark()}.incomplete").touch()
        os._exit(0 if kept else 1)

    process = FORK.Process(target=leave)
    process.start()
    process.join()
    mine = folder / f"mine.{stale_files.mark()}"
    mine.touch()
    found: Located = locate(store)
    assert found.source == "cache" and left(store) == [mine.name]
