"""A server under steady load: does its memory stay flat, is a leak seen, does it rest when nobody asks."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx
from PIL import Image

from models.media.audio import encode_wav
from tests.faults.servers import Figure, Running, at_most, counted, none, server, told
from tests.helpers.picture_makers import saved
from tests.helpers.pictures import landscape
from tests.helpers.recording_makers import voice

BUSY_SHARE = 0.8  # of the time, each model works
GROWTH_MB = 20.0
SETTLING_SHARE = 0.2  # of the run, before memory is compared
IDLE_PERCENT = 0.5
SAMPLE_SECONDS = 2.0
LEAK_BYTES = 1_000_000


@dataclass
class Load:
    """One client per task that works for BUSY_SHARE of its time and pauses for the rest, whatever the machine does
    besides: 80 % load by the clock of the models, not by a fixed rate."""

    running: Running
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    device_memory: list[tuple[float, float]] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        workers = [threading.Thread(target=self._work, args=(task, end)) for task in ("cartoon", "matting", "emotion")]
        for worker in workers:
            worker.start()
        started = time.monotonic()
        while time.monotonic() < end:
            self.memory.append((time.monotonic() - started, self.running.memory_mb()))
            self.device_memory.append((time.monotonic() - started, self.running.device_memory_mb()))
            time.sleep(min(SAMPLE_SECONDS, seconds / 40))
        for worker in workers:
            worker.join()

    def _work(self, task: str, end: float) -> None:
        turn = 0
        with httpx.Client(base_url=self.running.address, timeout=120) as client:
            while time.monotonic() < end:
                started = time.monotonic()
                field_name = "audio" if task == "emotion" else "image"
                answer = client.post(f"/api/v1/{task}", files={field_name: _input(task, turn)})
                took = time.monotonic() - started
                self.statuses[answer.status_code] += 1
                self.seconds.append(took)
                turn += 1
                time.sleep(took * (1 - BUSY_SHARE) / BUSY_SHARE)

    @property
    def growth_mb(self) -> float:
        return growth(self.memory)


def growth(samples: Sequence[tuple[float, float]]) -> float:
    """Of (seconds, MB), from the first fifth of the steady part to its last fifth, by medians."""
    settled = [used for at, used in samples if at >= SETTLING_SHARE * samples[-1][0]]
    fifth = max(1, len(settled) // 5)
    return median(settled[-fifth:]) - median(settled[:fifth])


def _input(task: str, turn: int) -> bytes:
    """Sizes vary, as people's do."""
    if task == "emotion":
        return _voice(1 + turn % 4)
    return _picture(384 + 64 * (turn % 5))


def _voice(seconds: int) -> bytes:
    return encode_wav(voice(seconds=float(seconds)))


def _picture(width: int) -> bytes:
    return saved(Image.fromarray(landscape()).resize((width, width * 3 // 4)), "JPEG")


def load(folder: Path, *, seconds: float) -> list[Figure]:
    """The real program on the sample models, page and all, at 80 %."""
    with server(folder, "--models", "sample", program="app.py") as running:
        running.ready()
        made = Load(running)
        made.run(seconds)
        tracebacks = running.tracebacks()
    good, total = made.statuses[200], made.statuses.total()
    used = [memory for _, memory in made.memory]
    settling, steady = (share * seconds / 60 for share in (SETTLING_SHARE, 1 - SETTLING_SHARE))
    name = f"memory growth in {steady:.1f} min after {settling:.1f} min of settling"
    return [
        at_most(name, made.growth_mb, GROWTH_MB, "MB"),
        *_of_devices(f"{name}, on GPUs", made.device_memory),
        told("memory at the start · largest · end", f"{used[0]:.0f} · {max(used):.0f} · {used[-1]:.0f} MB"),
        counted("requests answered with 200", good, total),
        told("a request takes, median", f"{1000 * median(made.seconds):.0f} ms"),
        none("tracebacks in the log", ["Traceback"] * tracebacks),
    ]


def _of_devices(name: str, samples: Sequence[tuple[float, float]]) -> list[Figure]:
    """Nothing on the CPU."""
    used = [memory for _, memory in samples]
    if not any(used):
        return []
    told_as = f"{used[0]:.0f} · {max(used):.0f} · {used[-1]:.0f} MB"
    return [at_most(name, growth(samples), GROWTH_MB, "MB"), told("on GPUs at the start · largest · end", told_as)]


def leak(folder: Path, *, seconds: float, leaked: int = LEAK_BYTES) -> list[Figure]:
    """The same measure on a stand-in that keeps `leaked` bytes of every answer, and on one that does not."""
    with ThreadPoolExecutor(2) as pool:
        planted = pool.submit(_grown, folder / "planted", seconds, leaked)
        without = _grown(folder / "without", seconds, 0)
    caught = planted.result()
    name, goal = f"growth with {leaked // 1000} KB kept per answer", f"> {GROWTH_MB:g} MB: caught"
    return [
        at_most(f"growth of the stand-in without a leak in {seconds:.0f} s", without, GROWTH_MB, "MB"),
        Figure(name, goal, f"{caught:.0f} MB", caught > GROWTH_MB),
    ]


def _grown(folder: Path, seconds: float, leaked: int) -> float:
    """In MB, once every task has been asked for every size."""
    with server(folder, STANDIN_SECONDS="0.05", FAULTS_LEAK_BYTES=str(leaked)) as running:
        running.ready()
        Load(running).run(1)
        made = Load(running)
        made.run(seconds)
        return made.growth_mb


def idle(folder: Path, *, seconds: float) -> list[Figure]:
    """The real program with one open tab that does nothing."""
    with server(folder, "--models", "sample", program="app.py") as running:
        running.ready()
        threading.Thread(target=_open_tab, args=(running,), daemon=True).start()
        time.sleep(min(15.0, seconds))
        before = running.cpu_seconds()
        time.sleep(seconds)
        percent = 100 * (running.cpu_seconds() - before) / seconds
    name = f"CPU of an idle server with an open tab, over {seconds:.0f} s"
    return [at_most(name, percent, IDLE_PERCENT, "% of a core")]


def _open_tab(running: Running) -> None:
    try:
        with httpx.stream("GET", f"{running.address}/gradio_api/heartbeat/idle", timeout=None) as stream:
            for _ in stream.iter_bytes():
                continue
    except httpx.HTTPError:
        return
