"""Physical memory: after each model, per request, after many mixed requests, and what a second process adds.

    python -m benchmarks.memory [--quick] [--out FOLDER]

RSS counts pages shared with other processes in full, PSS by share; both are of a process that holds the models alone,
without the page. Stock is measured the same way in a process of its own. Merged: the processes ran with
`--merge-memory`, and the kernel's same-page merging, switched on for the measurement (root only), had come to rest.
"""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import bench, inputs
from benchmarks.inputs import ask
from models.engines import mapped_files
from models.runtime import ksm
from models.runtime.allocator import FreePages, return_large_blocks

TASKS = ("cartoon", "matting", "emotion")
REQUESTS = 1000
SETTLED = 100  # new sizes
CASES = {
    "cartoon 1 face 1024 px": ("cartoon", lambda: inputs.picture(1024, 1)),
    "cartoon 3 faces 2048 px": ("cartoon", lambda: inputs.picture(2048, 3)),
    "matting 512 px": ("matting", lambda: inputs.picture(512)),
    "matting 2048 px": ("matting", lambda: inputs.picture(2048)),
    "emotion 4 s": ("emotion", lambda: inputs.clip(4)),
    "emotion 60 s": ("emotion", lambda: inputs.clip(60)),
}
HOLD, MERGED = "hold", "merged"
KSM = Path("/sys/kernel/mm/ksm")


def megabytes(pid: int | str = "self") -> dict[str, float]:
    """RSS, PSS and memory that no other process shares, in MB, of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
    return {"RSS": sizes["Rss"], "PSS": sizes["Pss"], "own": sizes["Private_Clean"] + sizes["Private_Dirty"]}


def peak_of(call: Any) -> float:
    """MB that the resident memory rises above its level before `call`."""
    before = megabytes()["RSS"]
    Path("/proc/self/clear_refs").write_text("5")
    call()
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6 - before


def load(given: bench.Options, engine: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The three pipelines, warmed up, and the memory after each."""
    make = given.ours if engine == "ours" else given.reference
    pipelines, rows = {}, [{"who": engine, "after": "start", **_rounded(megabytes())}]
    for task in TASKS:
        pipelines[task] = make(task)
        pipelines[task].warm_up()
        mapped_files.let_go(given.compute(task).artifacts)
        gc.collect()
        rows.append({"who": engine, "after": task, **_rounded(megabytes())})
    return pipelines, rows


def _rounded(sizes: dict[str, float]) -> dict[str, str]:
    return {f"{name} MB": f"{size:.0f}" for name, size in sizes.items()}


def peaks(pipelines: dict[str, Any], quick: bool) -> list[dict[str, Any]]:
    rows = []
    for name, (task, make) in list(CASES.items())[:: 2 if quick else 1]:
        rise = peak_of(partial(ask(pipelines[task], task), make()))
        rows.append({"request": name, "peak above level MB": f"{rise:.0f}"})
    return rows


def growth(pipelines: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Mixed small requests; the level after a tenth of them is where growth is counted from."""
    shapes = [("cartoon", inputs.picture(256 + 64 * k, k % 2)) for k in range(3)]
    shapes += [("matting", inputs.picture(192 + 64 * k)) for k in range(3)]
    shapes += [("emotion", inputs.clip(1 + 0.25 * k)) for k in range(3)]
    marks = {}
    for number in range(1, count + 1):
        task, value = shapes[number % len(shapes)]
        ask(pipelines[task], task)(value)
        if number in (count // 10, count // 2, count):
            gc.collect()
            marks[number] = megabytes()["RSS"]
    level = marks[count // 10]
    return [
        {"mixed requests": number, "RSS MB": f"{size:.0f}", "growth MB": f"{size - level:.1f}"}
        for number, size in marks.items()
    ]


def new_sizes(pipelines: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Photos and clips of a size each; the level after SETTLED of them is where growth is counted from."""
    chance, free_pages = random.Random(1), FreePages()
    makers: dict[str, Callable[[], Any]] = {
        "cartoon": lambda: inputs.picture(chance.randint(200, 1400)),
        "matting": lambda: inputs.picture(chance.randint(200, 1400)),
        "emotion": lambda: inputs.clip(chance.uniform(0.5, 20)),
    }
    rows = []
    for task, make in makers.items():
        for number in range(1, count + 1):
            ask(pipelines[task], task)(make())
            if number in (SETTLED, count):
                free_pages.give_back()
                rows.append({"task": task, "new sizes": number, "RSS MB": f"{megabytes()['RSS']:.0f}"})
    return rows


def hold(given: bench.Options, engine: str, *, merged: bool) -> None:
    """As a child: load everything, tell the memory, stay until the input is closed."""
    if merged:
        ksm.offer()
    pipelines, rows = load(given, engine)
    print(json.dumps(rows), flush=True)
    sys.stdin.read()
    del pipelines


def child(given: bench.Options, engine: str, *more: str) -> tuple[subprocess.Popen[str], list[dict[str, Any]]]:
    flags = ["--standins", str(given.standins), "--threads", str(given.threads), "--precision", given.precision]
    command = [sys.executable, "-m", "benchmarks.memory", *flags, "--only", HOLD, engine, *more]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in process.stdout or ():
        if line.startswith('[{"who"'):
            return process, json.loads(line)
    raise RuntimeError(f"the {engine} process ended early")


def several(given: bench.Options, count: int, *more: str) -> list[dict[str, Any]]:
    """So many processes with all models at once: PSS of all together after each start."""
    processes, rows, before = [], [], 0.0
    for number in range(1, count + 1):
        processes.append(child(given, "ours", *more)[0])
        if more:
            _until_merged()
        total = sum(megabytes(process.pid)["PSS"] for process in processes)
        rows.append({"processes": number, "pages": more[0] if more else "each its own"})
        rows[-1] |= {"together MB": f"{total:.0f}", "added MB": f"{total - before:.0f}"}
        rows[-1]["added / first"] = f"{(total - before) / float(rows[0]['together MB']):.2f}"
        before = total
    for process in processes:
        process.kill()
        process.wait()
    return rows


@contextmanager
def same_page_merging() -> Iterator[bool]:
    """The kernel's merging switched on and in a hurry for the length of the block; False where it may not be."""
    switches = {KSM / "run": "1", KSM / "pages_to_scan": "20000"}
    try:
        before = {path: path.read_text() for path in switches}
        for path, value in switches.items():
            path.write_text(value)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        for path, text in before.items():
            path.write_text(text)


def _until_merged() -> None:
    """Wait until three whole scans in a row have found nothing more."""
    found, still = -1, 0
    while still < 3:
        scans = int((KSM / "full_scans").read_text())
        while int((KSM / "full_scans").read_text()) == scans:
            time.sleep(0.1)
        now = int((KSM / "pages_sharing").read_text())
        still = still + 1 if now - found < 1000 else 0
        found = now


def stock_rows(given: bench.Options) -> list[dict[str, Any]]:
    process, rows = child(given, "stock")
    process.kill()
    process.wait()
    return rows


def main() -> None:
    given = bench.options(__doc__)
    if given.only[0] == HOLD:
        return hold(given, given.only[1], merged=MERGED in given.only)
    facts = bench.machine(given)
    return_large_blocks()
    count = 2 if given.quick else 3
    tables: dict[str, Any] = {"Several processes": several(given, count)}
    with same_page_merging() as can:
        tables["Several processes"] += several(given, count, MERGED) if can else []
    stock = stock_rows(given) if given.stock else []
    pipelines, rows = load(given, "ours")
    tables |= {"After each model": rows + stock, "Peak of one request": peaks(pipelines, given.quick)}
    tables["Growth"] = growth(pipelines, 100 if given.quick else REQUESTS)
    tables["New sizes"] = new_sizes(pipelines, 2 * SETTLED if given.quick else 2 * REQUESTS)
    bench.publish("memory", given, facts, tables)


if __name__ == "__main__":
    main()
