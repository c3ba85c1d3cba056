"""What failed is tried again with growing pauses, and is over soon after its cause: on a clock that does not wait."""

import errno
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from models.errors import PrewarmError
from models.runtime import retries
from models.runtime.slot import Slot
from models.weights import hub as hub_client
from models.weights import manifest
from models.weights.store import Located, Store
from tests.helpers.fake_hub import FakeHub, Fault
from tests.helpers.fake_weights import ANIME, IMPATIENT, contents, flip, locate, put
from tests.helpers.running import free_port

Cause = tuple[Store, Callable[[], object]]


@dataclass
class Clock:
    """Waiting moves it; at `over` the cause of a failure is gone."""

    over: float
    mend: Callable[[], object] = lambda: None
    at: float = 0.0
    waited: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        if self.at < self.over <= self.at + seconds:
            self.mend()
        self.at += seconds
        return False


@pytest.mark.parametrize("over", [0.1, 9.9, 10.1, 69, 71, 1000.3])
def test_a_failure_is_over_within_a_minute_of_its_cause(over: float) -> None:
    clock = Clock(over)
    assert retries.until_done(lambda: clock.at >= over, wait=clock.wait, now=clock.now)
    assert clock.at - over <= 50


def test_pauses_grow_from_begin_to_begin_of_a_try_whatever_it_takes() -> None:
    clock, begun = Clock(1e9), []

    def attempt() -> bool:
        begun.append(clock.at)
        clock.at += 7 if len(begun) < 4 else 60
        return len(begun) == 6

    retries.until_done(attempt, wait=clock.wait, now=clock.now)
    assert begun == [10, 30, 70, 120, 185, 250]


def test_nothing_is_tried_once_it_is_to_end() -> None:
    tried: list[int] = []
    assert not retries.until_done(lambda: bool(tried.append(1)), wait=lambda seconds: True)
    assert not tried


def fails(hub: FakeHub, **fault: str) -> Callable[[], object]:
    """Order a fault of the hub; what ends it."""
    for name, value in fault.items():
        setattr(hub, name, value)
    return lambda: [setattr(hub, name, "ok") for name in fault]


def hub_500(store: Store, hub: FakeHub, **_: object) -> Cause:
    return replace(store, mode="hub", endpoint=hub.endpoint), fails(hub, listing="500")


def hub_silent(store: Store, hub: FakeHub, **_: object) -> Cause:
    return replace(store, mode="hub", endpoint=hub.endpoint, patience=IMPATIENT), fails(hub, listing="hang")


def wrong_bytes(store: Store, hub: FakeHub, **_: object) -> Cause:
    return replace(store, mode="hub", endpoint=hub.endpoint), fails(hub, file="wrong")


def refused(store: Store, hub: FakeHub, **_: object) -> Cause:
    later = FakeHub(hub.repos, port=free_port())
    return replace(store, mode="hub", endpoint=f"http://127.0.0.1:{later.port}"), later.__enter__


def no_name(store: Store, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, **_: object) -> Cause:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    known = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    mend = partial(monkeypatch.setattr, socket, "getaddrinfo", known)
    return replace(store, mode="hub", endpoint=hub.endpoint), mend


def full_disk(store: Store, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, **_: object) -> Cause:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    room = hub_client.settle
    monkeypatch.setattr(hub_client, "settle", full)
    return replace(store, mode="hub", endpoint=hub.endpoint), partial(monkeypatch.setattr, hub_client, "settle", room)


def missing_file(store: Store, place: Path, **_: object) -> Cause:
    lost = put(place / "mine", ANIME) / "cartoon_h.pb"
    lost.unlink()
    return replace(store, folders={"cartoon": place / "mine"}), lambda: put(place / "mine", ANIME)


def changed_bit(store: Store, place: Path, **_: object) -> Cause:
    store = replace(store, folders={"cartoon": put(place / "mine", ANIME)})
    locate(store)
    flip(place / "mine" / "cartoon_h.pb")
    return store, lambda: flip(place / "mine" / "cartoon_h.pb")


def unreadable(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch, **_: object) -> Cause:
    def refused(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    store = replace(store, folders={"cartoon": put(place / "mine", ANIME)})
    reads = manifest.sha256_of
    monkeypatch.setattr(manifest, "sha256_of", refused)
    return store, partial(monkeypatch.setattr, manifest, "sha256_of", reads)


def volume_not_mounted(store: Store, place: Path, **_: object) -> Cause:
    return replace(store, folders={"cartoon": place / "later"}), lambda: put(place / "later", ANIME)


def _answers(fault: Fault, where: str) -> Callable[..., Cause]:
    def cause(store: Store, hub: FakeHub, **_: object) -> Cause:
        setattr(hub, where, fault)
        return replace(store, mode="hub", endpoint=hub.endpoint), lambda: setattr(hub, where, "ok")

    cause.__name__ = f"{where}_{fault}"
    return cause


HUB_FAULTS: tuple[Fault, ...] = ("403", "404", "429", "loop", "html")
LOCAL = (full_disk, missing_file, changed_bit, unreadable, volume_not_mounted)
HUB = (hub_500, hub_silent, wrong_bytes, refused, no_name)
CAUSES = (*LOCAL, *HUB, *(_answers(fault, where) for fault in HUB_FAULTS for where in ("listing", "file")))


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_every_cause_heals_and_each_try_is_one_line_in_the_log(
    cause: Callable[..., Cause],
    store: Store,
    hub: FakeHub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    trying, mend = cause(store, hub=hub, place=tmp_path, monkeypatch=monkeypatch)
    clock = Clock(over=75, mend=mend)
    slot: Slot[Located] = Slot(ANIME, wanted=True, now=clock.now)

    def build(slot: Slot[Located]) -> Located:
        with slot.stage("fetching"):
            return trying.locate(slot.model, progress=lambda done, total: None, again=slot.failures > 0)

    def attempt() -> bool:
        try:
            slot.load(build, again=True)
        except PrewarmError:
            return False
        return True

    assert not attempt()
    caplog.clear()
    with caplog.at_level(logging.INFO, "models"):
        assert retries.until_done(attempt, wait=clock.wait, now=clock.now)
    assert slot.is_ready and slot.status.error is None
    assert clock.at - clock.over <= 50
    assert len(caplog.records) == len(clock.waited) and not any(record.exc_info for record in caplog.records)
    assert set(contents(ANIME)) == set(slot.load(build).files)
