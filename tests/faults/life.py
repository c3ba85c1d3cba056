"""Faults in the life of a server: killed, told to stop, its weights damaged."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from models.errors import WeightsError
from models.weights.store import Store
from tests.faults.servers import DEFAULTS, Figure, Running, at_most, counted, leftovers, none, repos, server
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import flip, locate, make_store, put
from tests.helpers.picture_makers import PNG
from tests.helpers.running import free_port, metric

EXIT_SECONDS = 2.0


def kill(folder: Path, *, rounds: int, real: int, chance: random.Random) -> list[Figure]:
    """`rounds` kills during start and download of the stand-in and after it, and `real` more while the real program
    loads its networks; a start to the end follows every one."""
    folder.mkdir(parents=True, exist_ok=True)
    with FakeHub(repos(padding=2_000_000), file="slow", pace=0.02) as hub, ThreadPoolExecutor(2) as pool:
        weights = {"FAULTS_WEIGHTS": "yes", "MODELSCOPE_ENDPOINT": hub.endpoint}
        moments = [chance.uniform(0.05, 3) for _ in range(rounds)]
        fetching = pool.submit(_kills, folder / "download", moments, "--models", "hub", **weights)
        moments = [chance.uniform(0.3, 8) for _ in range(real)]
        loading = pool.submit(_kills, folder / "load", moments, "--models", "sample", program="app.py")
        ready, clean = map(sum, zip(*fetching.result(), *loading.result(), strict=True))
    total = rounds + real
    return [counted("ready again after kill -9", ready, total), counted("nothing half made is left", clean, total)]


def _kills(folder: Path, moments: Sequence[float], *flags: str, **more: str) -> list[tuple[bool, bool]]:
    """Of each whether it was ready again, and whether nothing half made was left."""
    found = []
    for number, seconds in enumerate(moments):
        place = folder.with_name(f"{folder.name}-{number % 3}")
        found.append((_killed_then_ready(place, seconds, *flags, **more), not leftovers(place)))
    return found


def _killed_then_ready(folder: Path, seconds: float, *flags: str, program: str = "", **environ: str) -> bool:
    port = free_port()
    chosen = {"program": program} if program else {}
    with server(folder, *flags, port=port, **chosen, **environ) as victim:
        time.sleep(seconds)
        victim.process.kill()
    with server(folder, *flags, port=port, **chosen, **environ) as again:
        try:
            again.ready()
        except AssertionError:
            return False
        answer = httpx.post(f"{again.address}/api/v1/matting", files={"image": PNG}, timeout=60)
        again.process.terminate()
        return answer.status_code == 200 and again.process.wait(20) == 0


def drain(folder: Path, *, rounds: int, chance: random.Random) -> list[Figure]:
    """SIGTERM while two run and eight wait, at a random moment of their work."""
    finished, slowest, exits = 0, 0.0, 0
    for number in range(rounds):
        with server(folder / str(number), STANDIN_SECONDS="0.3") as running:
            running.ready()
            with httpx.Client(base_url=running.address, timeout=60) as client:
                done, took, code = _drained(client, running, chance.uniform(0, 0.25))
            finished, slowest, exits = finished + done, max(slowest, took), exits + (code == 0)
    return [
        counted("finished of 2 running + 8 waiting", finished, 10 * rounds),
        counted("exit code 0", exits, rounds),
        at_most("exit after the last, slowest", slowest, EXIT_SECONDS, "s"),
    ]


def stops(folder: Path, *, rounds: int) -> list[Figure]:
    """The temporary folder after so many servers that were used by REST and as a job and told to stop."""
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    used = 0
    for number in range(rounds):
        with server(folder / str(number), TMPDIR=str(temporary)) as running:
            running.ready()
            used += _used(running) and any(path.is_file() for path in temporary.rglob("*"))
            running.process.terminate()
            running.process.wait(20)
    return [
        counted("servers with visitors' files on the disk, then stopped", used, rounds),
        none("left in the temporary folder", [path.name for path in temporary.iterdir()]),
    ]


def _used(running: Running) -> bool:
    """A picture by REST, and one as a job whose result stays to be fetched."""
    with httpx.Client(base_url=running.address, timeout=60) as client:
        client.post("/api/v1/matting", files={"image": PNG})
        job = client.post("/api/v1/jobs/cartoon", files={"image": PNG}).json()["id"]
        while client.get(f"/api/v1/jobs/{job}/result").status_code == 409:
            time.sleep(0.02)
        return client.get(f"/api/v1/jobs/{job}/result").status_code == 200


def _drained(client: httpx.Client, running: Running, delay: float) -> tuple[int, float, int]:
    with ThreadPoolExecutor(10) as pool:
        jobs = [
            pool.submit(client.post, f"/api/v1/{task}", files={"image": PNG})
            for task in ("cartoon", "matting")
            for _ in range(5)
        ]
        for _ in range(300):
            text = client.get("/metrics").text
            if (metric(text, "prewarm_in_flight"), metric(text, "prewarm_queue_depth")) == (2, 8):
                break
            time.sleep(0.01)
        time.sleep(delay)
        running.process.send_signal(signal.SIGTERM)
        done = sum(job.exception() is None and job.result().status_code == 200 for job in jobs)
        last = time.monotonic()
    code = running.process.wait(20)
    return done, time.monotonic() - last, code


def settled(running: Running) -> tuple[float, dict[str, tuple[str, str | None]]]:
    """Seconds until no model is on its way any more, counted from the first answer, and the states."""
    deadline, since = time.monotonic() + 120, None
    while time.monotonic() < deadline:
        states = running.states()
        since = since or (time.monotonic() if states else None)
        if states and {state for state, _ in states.values()} <= {"ready", "failed"}:
            return time.monotonic() - (since or 0), states
        time.sleep(0.1)
    return 120.0, {}


def flips(folder: Path, *, count: int, chance: random.Random) -> list[Figure]:
    """One bit somewhere in one file of a known cache, again and again."""
    folder.mkdir(parents=True, exist_ok=True)
    store, found = make_store(folder), 0
    for number in range(count):
        model = chance.choice(DEFAULTS)
        root = folder / str(number)
        put(root / "hub" / "models" / model.id, model)
        found += _is_found(
            Store(folder / "state", (root,), store.endpoint, "hub", {}, patience=store.patience), model, chance
        )
    return [counted("flipped bits found before load", found, count)]


def _is_found(store: Store, model, chance: random.Random) -> bool:  # type: ignore[no-untyped-def]
    path = locate(store, model).folder / chance.choice(model.files)
    flip(path, chance.randrange(8 * path.stat().st_size))
    try:
        locate(store, model)
    except WeightsError as error:
        return error.reason == "damaged_file" and error.values["file"] == path.name
    return False


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
