"""A disk that is full, on a small tmpfs of its own; needs root. And how long looking at weights takes."""

import contextlib
import os
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx

from tests.faults.life import PNG, settled, timed
from tests.faults.servers import Figure, Running, at_most, leftovers, none, repos, server
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import EMOTION, locate, make_store, put

LARGE_BYTES = 1 << 30
BLOCK = 1 << 24


def can_mount() -> bool:
    return os.getuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full(folder: Path) -> list[Figure]:
    """The cache's disk is full during a download; the temporary folder's is full while people upload."""
    if not can_mount():
        return [Figure("disk full", "survived", "not tried: mounting a small tmpfs needs root", True)]
    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(tried, folder) for tried in (_full_cache, _full_uploads)]
        return [figure for each in found for figure in each.result()]


def _full_cache(folder: Path) -> list[Figure]:
    with (
        FakeHub(repos(padding=3_000_000)) as hub,
        small_disk(folder / "disk", 4) as disk,
    ):
        weights = {"FAULTS_WEIGHTS": "yes", "MODELSCOPE_ENDPOINT": hub.endpoint, "MODELSCOPE_CACHE": str(disk)}
        with server(folder / "cache", "--models", "hub", **weights) as running:
            states = settled(running)[1]
        told = any(state == "failed" and "No space left" in str(error) for state, error in states.values())
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        with server(folder / "cache", "--models", "hub", **weights) as running:
            again = {state for state, _ in settled(running)[1].values()}
        whole = again == {"ready"} and not leftovers(disk)
    return [
        Figure("download on a full disk", "that model failed, with the reason", "so" if told else str(states), told),
        Figure("next start, with space", "ready, nothing left over", "so" if whole else str(again), whole),
    ]


def _full_uploads(folder: Path) -> list[Figure]:
    """At both doors: REST, and the page's own upload."""
    with (
        small_disk(folder / "temp", 400) as disk,
        server(folder / "server", TMPDIR=str(disk), STANDIN_PAGE="yes") as running,
    ):
        running.ready()
        before = _uploads(running)
        with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(1 << 20))
        reasons = httpx.get(f"{running.address}/readyz").json()["reasons"]
        during, alive = _uploads(running), httpx.get(f"{running.address}/livez").status_code
        (disk / "filler").unlink()
        after, tracebacks = _uploads(running), running.tracebacks()
    found = f"{before} · {during} · {after}, /readyz {reasons}, /livez {alive}"
    good = before == after == [200, 200] and during == [507, 507] and "disk" in reasons and alive == 200
    return [
        Figure("REST and page uploads before · on a full disk · after", "200 · 507 · 200", found, good),
        none("tracebacks in the log", ["Traceback"] * tracebacks),
    ]


def _uploads(running: Running) -> list[int]:
    large = PNG + bytes(3 << 20)
    doors = (("/api/v1/matting", "image"), ("/gradio_api/upload", "files"))
    posts = [
        httpx.post(f"{running.address}{path}", files={field: ("a.png", large)}, timeout=60) for path, field in doors
    ]
    return [post.status_code for post in posts]


def check_times(folder: Path) -> list[Figure]:
    """A checkpoint of a gigabyte in the cache: at first sight, hashed again, and stamped."""
    root = folder / "models"
    place = put(root / "hub" / "models" / EMOTION.id, EMOTION)
    _write_large(place / "model.pt")
    store = replace(make_store(folder), caches=(root,), mode="hub")
    first, first_cpu = timed(lambda: locate(store, EMOTION))
    os.utime(place / "model.pt")
    hashed, hashed_cpu = timed(lambda: locate(store, EMOTION))
    stamped, _ = timed(lambda: locate(store, EMOTION))
    gigabytes = (place / "model.pt").stat().st_size / 1e9
    found = f"{first / gigabytes:.2f} s ({first_cpu / gigabytes:.2f} s of CPU)"
    again = f"{hashed / gigabytes:.2f} s ({hashed_cpu / gigabytes:.2f} s of CPU)"
    return [
        at_most("check per GB, stamped", stamped / gigabytes, 1.0, "s"),
        Figure("check per GB, hashed again because touched", "told", again, True),
        Figure("check per GB, at first sight", "told", found, True),
    ]


def _write_large(path: Path) -> None:
    """A torch.save file by hand with one storage of random bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (("data.pkl", b"\x80\x02}."), ("version", b"3\n")):
            archive.writestr(f"archive/{name}", data)
        with archive.open(zipfile.ZipInfo("archive/data/0"), "w", force_zip64=True) as storage:
            for _ in range(LARGE_BYTES // BLOCK):
                storage.write(os.urandom(BLOCK))
