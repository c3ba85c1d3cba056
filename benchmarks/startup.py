"""From process start to the page, to each model, to all warm; and what the stock app needs for the same.

    python -m benchmarks.startup [--quick] [--out FOLDER]

The stock app imports Gradio and builds a pipeline inside each handler, so its models are warm after the first click
on each. First ever start: nothing prepared from the weights yet, conversion included. Cold disk: the page cache is
asked to drop weights, prepared files and packages.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import soundfile

from benchmarks import bench, inputs, programs

PACKAGES = ("gradio", "openvino", "cv2", "numpy", "fastapi", "tensorflow", "torch", "funasr", "modelscope.pipelines")
TASKS = ("cartoon", "matting", "emotion")
HEAVIEST = 12


class Bench:
    """Starts programs on the stand-ins, in a scratch folder."""

    def __init__(self, given: bench.Options, scratch: Path) -> None:
        self.given, self.scratch, self.cache = given, scratch, scratch / "cache"

    def ours(self, *, broken: str | None = None) -> dict[str, float]:
        """Seconds to the page and to each model of one start, and CPU seconds until all are warm."""
        port = programs.free_port()
        arguments = ["app.py", "--port", str(port), "--cache", str(self.cache), "--threads", str(self.given.threads)]
        arguments += ["--host", "127.0.0.1", "--precision", self.given.precision]
        for task in TASKS:
            arguments += [f"--{task}-dir", str(self.scratch if task == broken else self.given.standins / task)]
        address = f"http://127.0.0.1:{port}/"
        before = ended_cpu_seconds()
        with programs.program(arguments, self.scratch / "ours.log") as start:
            page = programs.until_served(address, start)
            models = programs.until_settled(address, start)
        cpu = ended_cpu_seconds() - before
        return {"page": page, **models, "all warm": max(models.values()), "CPU": cpu}

    def first_ever(self) -> dict[str, float]:
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.ours()

    def cold_disk(self) -> dict[str, float]:
        for folder in (self.cache, self.given.standins):
            programs.forget(folder)
        programs.forget_packages()
        return self.ours()

    def stock(self) -> dict[str, float]:
        """Seconds to the page, and summed to the end of the first click on each task; then the second clicks."""
        port = programs.free_port()
        address = f"http://127.0.0.1:{port}/"
        arguments = ["-m", "benchmarks.naive_app", str(port), str(self.given.standins), str(self.given.threads)]
        files = self._files()
        with programs.program(arguments, self.scratch / "stock.log") as start:
            reached = {"page": programs.until_served(address, start)}
            passed = reached["page"]
            for task in TASKS:
                passed += programs.click(address, task, files[task])
                reached[task] = passed
            again = {f"second click {task}": programs.click(address, task, files[task]) for task in TASKS}
        return {**reached, "all warm": passed, **again}

    def _files(self) -> dict[str, Path]:
        photo, voice = self.scratch / "photo.png", self.scratch / "voice.wav"
        cv2.imwrite(str(photo), inputs.picture(512, 1)[:, :, ::-1])
        soundfile.write(voice, inputs.clip(4), 16_000)
        return {"cartoon": photo, "matting": photo, "emotion": voice}


def ended_cpu_seconds() -> float:
    """Of all programs that were started here and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def in_turns(starts: dict[str, Callable[[], dict[str, float]]], rounds: int) -> dict[str, list[dict[str, float]]]:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in starts}
    for _ in range(rounds):
        for name, start in starts.items():
            found[name].append(start())
    return found


def shown(name: str, runs: list[dict[str, float]]) -> dict[str, Any]:
    return {"start": name, "runs": len(runs)} | {
        f"{key} s": f"{statistics.median(run[key] for run in runs):.2f}"
        for key in ("page", *TASKS, "all warm", "CPU")
        if key in runs[0]
    }


def ratios(found: dict[str, list[dict[str, float]]]) -> list[dict[str, Any]]:
    def middle(name: str, key: str) -> float:
        return statistics.median(run[key] for run in found[name])

    keys = ("page", *TASKS, "all warm")
    return [{"stock / ours": key, "ratio": f"{middle('stock', key) / middle('ours', key):.2f}"} for key in keys]


def failing(trial: Bench) -> dict[str, Any]:
    """The emotion model's folder is empty: the others must not be kept waiting."""
    run = trial.ours(broken="emotion")
    return {key: f"{value:.2f} s" for key, value in run.items()}


def imports(rounds: int) -> list[dict[str, Any]]:
    """Seconds of `import PACKAGE` in a fresh interpreter, the packages in turns."""
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name in PACKAGES:
            taken[name].append(_import(name))
    return [{"package": name, "import s": f"{statistics.median(times):.2f}"} for name, times in taken.items()]


def _import(name: str) -> float:
    code = f"import time; s=time.perf_counter()\nimport {name}\nprint('took', time.perf_counter()-s)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=programs.ROOT)
    return float(out.stdout.split("took")[-1])


def imported_by_app() -> list[dict[str, Any]]:
    """Own import time of each top-level package of one start of ours, the heaviest first."""
    code = "import app, preload, models.cartoon, models.matting, models.emotion, service.server, ui.page"
    command = [sys.executable, "-X", "importtime", "-c", code]
    text = subprocess.run(command, capture_output=True, text=True, check=True, cwd=programs.ROOT).stderr
    sums: dict[str, int] = defaultdict(int)
    for microseconds, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)", text):
        sums[name.split(".")[0]] += int(microseconds)
    heaviest = sorted(sums.items(), key=lambda item: -item[1])[:HEAVIEST]
    return [{"package": name, "own import ms": f"{spent / 1e3:.0f}"} for name, spent in heaviest]


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    rounds = 2 if given.quick else 3
    with tempfile.TemporaryDirectory() as folder:
        trial = Bench(given, Path(folder))
        first = [trial.first_ever()]
        contenders = {"ours": trial.ours} | ({"stock": trial.stock} if given.stock else {})
        found = in_turns(contenders, rounds)
        found |= {"ours, first ever": first, "ours, cold disk": [trial.cold_disk() for _ in range(rounds)]}
        broken = failing(trial)
    tables: dict[str, Any] = {"Starts": [shown(name, runs) for name, runs in found.items()]}
    if given.stock:
        tables["Ratios, warm disk"] = ratios(found)
        again = {key: value for key, value in found["stock"][-1].items() if key.startswith("second")}
        tables["Stock app, later clicks"] = [{key: f"{value:.2f} s" for key, value in again.items()}]
    tables |= {"Emotion's folder empty": [broken], "Imports": imports(rounds), "Inside our start": imported_by_app()}
    bench.publish("startup", given, facts, tables)


if __name__ == "__main__":
    main()
