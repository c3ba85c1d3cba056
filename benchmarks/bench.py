"""What every benchmark shares: options, alternating timing, the machine in words, tables, files.

Contenders are timed in turns in one process, so that noise of the machine hits all of them alike.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, get_args

import preload
import settings
from benchmarks.make_standins import DEFAULT_FOLDER, ensure
from models.catalog import FAMILIES
from models.engines import Compute, Precision, best_precision, pipeline_class, precision_of

PATIENCE_S = 30.0  # over its time, one round has to do
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("openvino", "numpy", "opencv-python-headless", "gradio", "modelscope", "tensorflow-cpu", "torch", "funasr")
UNITS = ("amx_bf16", "amx_int8", "avx512_bf16", "avx512_vnni", "avx512f", "avx2")


@dataclass(frozen=True)
class Options:
    """`quick` for a first look; `out` takes JSON and Markdown; `standins` holds the weights; `stock` runs it beside."""

    quick: bool
    out: Path
    standins: Path
    threads: int
    precision: Precision
    stock: bool
    only: tuple[str, ...]
    artifacts: Path

    def compute(self, task: str) -> Compute:
        return Compute(precision_of(task, self.precision), self.threads, self.artifacts / task)

    def ours(self, task: str) -> Any:
        return pipeline_class("openvino", task)(self.standins / task, compute=self.compute(task))

    def reference(self, task: str) -> Any:
        return pipeline_class("reference", task)(self.standins / task, compute=self.compute(task))


def parser(text: str | None) -> argparse.ArgumentParser:
    """The flags of every script."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the JSON and the Markdown table")
    parser.add_argument("--standins", type=Path, default=DEFAULT_FOLDER, help="folder of the stand-in weights")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--precision", choices=get_args(Precision), default=None, help="default: the device's best")
    parser.add_argument("--no-stock", dest="stock", action="store_false", help="ours alone")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, default=FAMILIES, help="tasks")
    return parser


def options(text: str | None) -> Options:
    """The command line of every script; makes the stand-ins when they are not there."""
    given = parser(text).parse_args()
    ensure(given.standins)
    given.precision = given.precision or best_precision()
    return Options(**vars(given) | {"only": tuple(given.only), "artifacts": given.standins / "artifacts"})


def flags(given: Options) -> list[str]:
    """How the product runs the stand-ins."""
    found = ["--cache", str(given.standins / "served"), "--threads", str(given.threads)]
    found += ["--precision", given.precision]
    return found + [part for task in preload.RESIDENTS for part in (f"--{task}-dir", str(given.standins / task))]


def ready(given: Options, tasks: Iterable[str]) -> None:
    """The product's own residents of these tasks, loaded with the stand-ins. Raises what loading raises."""
    preload.configure(settings.parse(flags(given)))
    for task in tasks:
        preload.RESIDENTS[task].load()  # type: ignore[index]


@dataclass(frozen=True)
class Times:
    """Of each call: seconds on the clock, and processor seconds of the whole process, which other load moves less."""

    wall: list[float]
    cpu: list[float]


def alternate(contenders: Mapping[str, Callable[[], Any]], *, seconds: float, most: int) -> dict[str, Times]:
    """The contenders in turns, after one untimed call each.

    Stops after `most` rounds, or after `seconds` with at least three rounds done; one, where it takes that long.
    """
    for call in contenders.values():
        call()
    taken = {name: Times([], []) for name in contenders}
    end = time.perf_counter() + seconds
    for turn in range(most):
        for name, call in contenders.items():
            start = time.process_time()
            taken[name].wall.append(timed(call))
            taken[name].cpu.append(time.process_time() - start)
        if time.perf_counter() > end and (turn >= 2 or time.perf_counter() > end + PATIENCE_S):
            break
    return taken


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def p(values: Sequence[float], percent: float) -> float:
    """The percentile, interpolated."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=1000, method="inclusive")[min(998, max(0, round(percent * 10) - 1))]


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f}" if seconds >= 0.1 else f"{seconds * 1e3:.1f}"


def spread(values: Sequence[float]) -> str:
    """Median in ms and, in brackets, the 5th and 95th percentile."""
    return f"{ms(statistics.median(values))} ({ms(p(values, 5))}-{ms(p(values, 95))})"


def machine(given: Options) -> dict[str, Any]:
    """All that a figure depends on besides the code; the load tells whether the machine was busy with other things."""
    lines = dict(line.split(":", 1) for line in _cpu_lines())
    flags = lines.get("flags", "").split()
    return {
        "cpu": lines.get("model name", platform.processor()).strip(),
        "units": [unit for unit in UNITS if unit in flags],
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "threads": given.threads,
        "precision": given.precision,
        "load_1_min": round(os.getloadavg()[0], 1),
    }


def _cpu_lines() -> list[str]:
    text = Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    return [line.replace("\t", "") for line in text.splitlines() if ":" in line]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def described(facts: Mapping[str, Any]) -> str:
    units = ", ".join(facts["units"])
    return (
        f"{facts['cpu']} ({units}), {facts['cores']} cores, {facts['memory_gb']} GB; {facts['threads']} threads, "
        f"{facts['precision']} (stock f32); load average {facts['load_1_min']} at the start, "
        f"{round(os.getloadavg()[0], 1)} at the end."
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A Markdown table with the keys of the first row as its heading."""
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([str(row.get(head, "")) for head in heads] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def publish(name: str, given: Options, facts: Mapping[str, Any], tables: Mapping[str, Sequence[Any]]) -> None:
    """Print the tables and write NAME.json and NAME.md."""
    parts = [f"### {title}\n\n{table(rows)}" for title, rows in tables.items() if rows]
    text = "\n\n".join([described(facts), *parts]) + "\n"
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / f"{name}.md").write_text(text)
    (given.out / f"{name}.json").write_text(json.dumps({"machine": facts, "tables": tables}, indent=1))
    print(text)
