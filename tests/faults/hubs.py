"""Starts with a broken hub: with a good cache, and without."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.life import settled
from tests.faults.servers import Figure, at_most, counted, fill_cache, leftovers, none, repos, server
from tests.helpers.fake_hub import FakeHub

HUB_FAULTS = ("refused", "500", "hang", "slow", "cut", "wrong", "404", "trickle")
START_TOLERANCE = 0.5
ERROR_SECONDS = 30.0


def hub_and_cache(folder: Path, *, faults: Sequence[str] = HUB_FAULTS, tries: int = 4) -> list[Figure]:
    """Starts with a good cache and a broken hub, compared with a good one; of several tries the fastest, since what
    else the machine does only ever adds."""
    usual = min(_start_seconds(folder / "usual", "ok") for _ in range(2))
    worst = max(_fastest(folder / fault, fault, usual + START_TOLERANCE, tries) - usual for fault in faults)
    name = f"start with a good cache under {len(faults)} hub faults, worst"
    goal = f"within {START_TOLERANCE:g} s of {usual:.2f} s"
    return [Figure(name, goal, f"{worst:+.2f} s", worst <= START_TOLERANCE)]


def hub_unasked(folder: Path) -> list[Figure]:
    """A start with a good cache does not depend on the hub: it asks nothing of one that would never answer."""
    fill_cache(folder / "models")
    with _faulty("hang") as made:
        with server(folder, "--models", "hub", FAULTS_WEIGHTS="yes", MODELSCOPE_ENDPOINT=made.endpoint) as running:
            running.ready()
        return [none("asked of the hub with a good cache", made.requests)]


def _fastest(folder: Path, fault: str, enough: float, tries: int) -> float:
    fastest = float("inf")
    while tries and fastest > enough:
        fastest, tries = min(fastest, _start_seconds(folder, fault)), tries - 1
    return fastest


def hub_alone(folder: Path, *, faults: Sequence[str] = HUB_FAULTS, **environ: str) -> list[Figure]:
    """Starts without a cache and with a broken hub, then with a hub that works again."""
    with ThreadPoolExecutor(len(faults)) as pool:
        bare = list(pool.map(lambda fault: _without_cache(folder / fault, fault, **environ), faults))
    return [
        counted("without a cache: clear error or success", sum(told for told, _, _ in bare), len(bare)),
        at_most("without a cache: told after, slowest", max(took for _, took, _ in bare), ERROR_SECONDS, "s"),
        counted("ready at the next start with the hub back", sum(resumed for _, _, resumed in bare), len(bare)),
    ]


def _faulty(fault: str) -> FakeHub:
    made = FakeHub(repos())
    if fault not in ("refused", "ok"):
        made.file = fault  # type: ignore[assignment]
        made.listing = "ok" if fault in ("slow", "cut", "wrong") else fault  # type: ignore[assignment]
    return made


def _start_seconds(folder: Path, fault: str) -> float:
    """Until ready, with a cache that was seen before."""
    fill_cache(folder / "models")
    with _faulty(fault) as made:
        if fault == "refused":
            made.server.server_close()
        started = time.monotonic()
        with server(folder, "--models", "hub", FAULTS_WEIGHTS="yes", MODELSCOPE_ENDPOINT=made.endpoint) as running:
            running.ready()
            return time.monotonic() - started


def _without_cache(folder: Path, fault: str, **environ: str) -> tuple[bool, float, bool]:
    """Whether every model is ready or says what is wrong with the hub, after how long, and ready next time."""
    weights = {"FAULTS_WEIGHTS": "yes", **environ}
    with _faulty(fault) as made:
        if fault == "refused":
            made.server.server_close()
        with server(folder, "--models", "hub", MODELSCOPE_ENDPOINT=made.endpoint, **weights) as running:
            took, states = settled(running)
        told = bool(states) and all(
            state == "ready" or (state == "failed" and "hub" in str(error)) for state, error in states.values()
        )
    with (
        FakeHub(repos()) as made,
        server(folder, "--models", "hub", MODELSCOPE_ENDPOINT=made.endpoint, **weights) as it,
    ):
        _, after = settled(it)
    return told, took, {state for state, _ in after.values()} == {"ready"} and not leftovers(folder)
