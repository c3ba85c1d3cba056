"""Causes of a failed start, each gone after a while: seconds from its end until the server is ready."""

import concurrent.futures
import contextlib
import math
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import httpx

from tests.faults.disk import can_mount, small_disk
from tests.faults.servers import DEFAULTS, Figure, Running, at_most, fill_cache, repos, server, told
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import flip, put
from tests.helpers.picture_makers import PNG
from tests.helpers.running import free_port, get

GOAL_SECONDS = 60.0
Cause = Callable[[Path], AbstractContextManager[tuple[Running, Callable[[], object]]]]


@contextlib.contextmanager
def _hub(folder: Path, **faults: str) -> Iterator[tuple[Running, Callable[[], object]]]:
    with FakeHub(repos(), **faults) as hub, _server(folder, hub.endpoint) as running:  # type: ignore[arg-type]
        yield running, lambda: [setattr(hub, name, "ok") for name in faults]


@contextlib.contextmanager
def _refused(folder: Path) -> Iterator[tuple[Running, Callable[[], object]]]:
    hub = FakeHub(repos(), port=free_port())
    with contextlib.ExitStack() as later, _server(folder, f"http://127.0.0.1:{hub.port}") as running:
        yield running, partial(later.enter_context, hub)


@contextlib.contextmanager
def _no_names(folder: Path) -> Iterator[tuple[Running, Callable[[], object]]]:
    folder.mkdir()
    (folder / "no-names").touch()
    named = {"FAULTS_NO_NAMES": str(folder / "no-names")}
    with FakeHub(repos()) as hub, _server(folder, hub.endpoint.replace("127.0.0.1", "localhost"), **named) as running:
        yield running, (folder / "no-names").unlink


@contextlib.contextmanager
def _full_disk(folder: Path) -> Iterator[tuple[Running, Callable[[], object]]]:
    with (
        FakeHub(repos(padding=3_000_000)) as hub,
        small_disk(folder / "disk", 4) as disk,
        _server(folder / "cache", hub.endpoint, MODELSCOPE_CACHE=str(disk)) as running,
    ):
        yield running, lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


@contextlib.contextmanager
def _missing_file(folder: Path) -> Iterator[tuple[Running, Callable[[], object]]]:
    place = put(folder / "mine", DEFAULTS[0])
    (place / DEFAULTS[0].files[-1]).unlink()
    with _own_folder(folder, place) as running:
        yield running, lambda: put(place, DEFAULTS[0])


@contextlib.contextmanager
def _flipped_bit(folder: Path) -> Iterator[tuple[Running, Callable[[], object]]]:
    """The first start wrote down what the files were."""
    place = put(folder / "mine", DEFAULTS[0])
    damaged = next(place / name for name in DEFAULTS[0].files if name.endswith(".pb"))
    with _own_folder(folder, place) as running:
        running.ready()
    flip(damaged)
    with _own_folder(folder, place) as running:
        yield running, partial(flip, damaged)


def _server(folder: Path, endpoint: str, **environ: str) -> AbstractContextManager[Running]:
    weights = {"FAULTS_WEIGHTS": "yes", "MODELSCOPE_ENDPOINT": endpoint, **environ}
    return server(folder, "--models", "hub", **weights)  # type: ignore[no-any-return]


def _own_folder(folder: Path, place: Path) -> AbstractContextManager[Running]:
    fill_cache(folder / "models")
    return server(folder, "--models", "hub", "--cartoon-dir", str(place), FAULTS_WEIGHTS="yes")  # type: ignore[no-any-return]


CAUSES: dict[str, Cause] = {
    "the hub answers 500": partial(_hub, listing="500"),
    "the hub is silent": partial(_hub, listing="hang"),
    "the hub sends wrong bytes": partial(_hub, file="wrong"),
    "connections are refused": _refused,
    "no name is found": _no_names,
    "the disk is full": _full_disk,
    "a file is missing": _missing_file,
    "a bit is flipped": _flipped_bit,
}


def heals(folder: Path, *, seconds: float) -> list[Figure]:
    """Every cause for so many seconds: left alone afterwards, then with somebody who asks."""
    folder.mkdir(parents=True, exist_ok=True)
    causes = [name for name in CAUSES if name != "the disk is full" or can_mount()]
    with concurrent.futures.ThreadPoolExecutor(len(causes)) as pool:
        alone = [*pool.map(partial(_healed, folder / "alone", is_well=_is_ready, seconds=seconds), causes)]
        asked = [*pool.map(partial(_healed, folder / "asked", is_well=_answers, seconds=seconds), causes)]
    return [
        *(at_most(f"{cause}: ready after", took, GOAL_SECONDS, "s") for cause, took in zip(causes, alone, strict=True)),
        *(told(f"{cause}: answers who asks after", f"{took:.3g} s") for cause, took in zip(causes, asked, strict=True)),
    ]


def _healed(folder: Path, cause: str, *, is_well: Callable[[Running], bool], seconds: float) -> float:
    """Seconds from the end of the cause; more than the goal when it was no cause or never over."""
    folder.mkdir(exist_ok=True)
    with CAUSES[cause](folder / cause.replace(" ", "-")) as (running, end):
        time.sleep(seconds)
        was_well = _is_ready(running)
        end()
        ended = time.monotonic()
        while not is_well(running) and time.monotonic() - ended < 2 * GOAL_SECONDS:
            time.sleep(0.2)
        return math.inf if was_well else time.monotonic() - ended


def _is_ready(running: Running) -> bool:
    return get(running.port, "/readyz")[0] == 200


def _answers(running: Running) -> bool:
    post = httpx.post(f"{running.address}/api/v1/cartoon", files={"image": PNG}, timeout=GOAL_SECONDS)
    return post.status_code == 200
