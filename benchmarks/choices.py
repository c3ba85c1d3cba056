"""Why these settings: each one beside its alternatives, in turns in one run, through the product's own sessions.

    python -m benchmarks.choices [--quick] [--out FOLDER]

`yes` marks what the product does. Networks are compiled anew for every setting, so that only the setting differs.
"""

import statistics
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import preload
from benchmarks import bench, choices_pictures, inputs, limit
from benchmarks.inputs import ask
from models.cartoon import NEVER_TRAINING
from models.emotion import SAMPLE_RATE
from models.engines import PRECISIONS, Precision, mapped_files, openvino, pipeline_class
from models.engines.openvino import Session, ov
from models.runtime import at_once
from models.runtime.fair_queue import ModelQueue

AT_ONCE = 4
EXACT = ("detector", "keypoints")
TOPOLOGY = Path("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list")
EFFICIENT_CORES = Path("/sys/devices/cpu_atom")  # of Intel's processors with two kinds of cores

Calls = dict[str, Callable[[], Any]]


@dataclass(frozen=True)
class Effort:
    """Seconds and rounds that each comparison may take."""

    seconds: float
    most: int

    def of(self, calls: Mapping[str, Callable[[], Any]]) -> dict[str, list[float]]:
        """Seconds on the clock of every call, by name."""
        return {name: times.wall for name, times in bench.alternate(calls, **vars(self)).items()}


def typical(task: str, quick: bool) -> np.ndarray:
    made = {"cartoon": lambda: inputs.picture(512, 1), "matting": lambda: inputs.picture(512)}
    return made.get(task, lambda: inputs.clip(1 if quick else 4))()


def settings() -> dict[str, dict[str, Any]]:
    """What is changed in the options of a network, by the name of the alternative; None leaves an option out."""
    found: dict[str, dict[str, Any]] = {
        "as the product has it": {},
        "ENABLE_CPU_PINNING no": {"ENABLE_CPU_PINNING": False},
        "no PERFORMANCE_HINT, no NUM_STREAMS": {"PERFORMANCE_HINT": None, "NUM_STREAMS": None},
        "CPU_RUNTIME_CACHE_CAPACITY 0": {"CPU_RUNTIME_CACHE_CAPACITY": 0},
        "TBB_PARTITIONER STATIC": {"TBB_PARTITIONER": "STATIC"},
        "TBB_PARTITIONER AUTO": {"TBB_PARTITIONER": "AUTO"},
        "CPU_DENORMALS_OPTIMIZATION yes": {"CPU_DENORMALS_OPTIMIZATION": True},
    }
    if TOPOLOGY.exists() and not TOPOLOGY.read_text().strip().isdigit():
        found["ENABLE_HYPER_THREADING no"] = {"ENABLE_HYPER_THREADING": False}
    if EFFICIENT_CORES.exists():
        found["SCHEDULING_CORE_TYPE PCORE_ONLY"] = {"SCHEDULING_CORE_TYPE": "PCORE_ONLY"}
    return found


@contextmanager
def compiled_anew(changes: Mapping[str, Any]) -> Iterator[None]:
    """Inside the block networks are compiled with `changes` to their options, past the cache on the disk."""

    def compiled(core: ov.Core, path: Path, options: dict[str, Any], artifacts: Path) -> ov.CompiledModel:
        wanted = {name: value for name, value in {**options, **changes}.items() if value is not None}
        return core.compile_model(path, "CPU", wanted)

    with mock.patch.object(openvino, "_compiled", compiled):
        yield


def engine(given: bench.Options, effort: Effort) -> list[dict[str, Any]]:
    """One request at a time under every setting; the ratios are to the product's."""
    rows = [{"setting": name, "used": "" if changes else "yes"} for name, changes in settings().items()]
    for task in given.only:
        calls = dict(zip(settings(), _pipelines(task, given), strict=True))
        taken = effort.of(calls)
        usual, *_ = (statistics.median(times) for times in taken.values())
        for row, times in zip(rows, taken.values(), strict=True):
            row[f"{task} ms (p5-p95)"] = bench.spread(times)
            row[f"{task} ratio"] = f"{statistics.median(times) / usual:.2f}"
    return rows


def _pipelines(task: str, given: bench.Options) -> Iterator[Callable[[], Any]]:
    for changes in settings().values():
        with compiled_anew(changes):
            yield partial(ask(given.ours(task), task), typical(task, given.quick))


def streams(task: str, given: bench.Options, effort: Effort) -> list[dict[str, Any]]:
    """Every core for one request at a time, or one core each for as many requests."""
    used = max(1, given.threads // at_once.THREADS_PER_STREAM)
    counts, memory, calls = sorted({1, used, given.threads}), {}, {}
    for count in counts:
        before = preload.resident_memory_mb()
        compute = replace(given.compute(task), streams=count)
        with compiled_anew({}):
            one = ask(pipeline_class("openvino", task)(given.standins / task, compute=compute), task)
        calls[f"{count} alone"] = partial(one, typical(task, given.quick))
        calls[f"{count} together"] = partial(_together, calls[f"{count} alone"], ModelQueue(running=count))
        calls[f"{count} together"]()
        mapped_files.let_go(compute.artifacts)
        memory[count] = preload.resident_memory_mb() - before
    taken = {name: statistics.median(times) for name, times in effort.of(calls).items()}
    return [
        {
            "task": task,
            "streams × threads": f"{count} × {given.threads // count}",
            "used": "yes" if count == used else "",
            "one alone ms": bench.ms(taken[f"{count} alone"]),
            f"{AT_ONCE} together, requests/s": f"{AT_ONCE / taken[f'{count} together']:.2f}",
            "MB": f"{memory[count]:.0f}",
        }
        for count in counts
    ]


def _together(call: Callable[[], Any], queue: ModelQueue) -> None:
    def client() -> None:
        with queue.enter():
            call()

    threads = [threading.Thread(target=client) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def loading(task: str, given: bench.Options, effort: Effort) -> list[dict[str, Any]]:
    """From weights on a warm disk to the first answer."""
    value, read = typical(task, given.quick), ov.Core

    def load() -> None:
        ask(given.ours(task), task)(value)

    def copied() -> ov.Core:
        core = read()
        core.set_property({"ENABLE_MMAP": False})
        return core

    def unmapped() -> None:
        with mock.patch.object(ov, "Core", copied):
            load()

    def uncached() -> None:
        with compiled_anew({}):
            load()

    calls: Calls = {"compiled networks kept, files mapped": load, "files read": unmapped, "compiled anew": uncached}
    return [
        {
            "task": task,
            "loading": name,
            "used": "yes" if name.endswith("mapped") else "",
            "load, first answer s": seconds,
        }
        for name, times in effort.of(calls).items()
        for seconds in [f"{statistics.median(times):.2f}"]
    ]


def precisions(task: str, given: bench.Options, effort: Effort) -> list[dict[str, Any]]:
    """Each network alone in f32 and bf16, and how far its answers move."""
    rows = []
    for (_, path, shape), (_, halved, _) in zip(*(_networks(task, given, each) for each in PRECISIONS), strict=True):
        exact = path.stem in EXACT
        runs = {"f32": _alone(path, "f32", task, given, shape), "bf16": _alone(halved, "bf16", task, given, shape)}
        taken = {name: statistics.median(times) for name, times in effort.of(runs).items()}
        row = {"network": f"{path.stem} {'×'.join(map(str, shape))}", "used": "f32" if exact else given.precision}
        row |= {f"{name} ms": bench.ms(times) for name, times in taken.items()}
        row["f32 / bf16"] = f"{taken['f32'] / taken['bf16']:.2f}"
        rows.append(row | _apart(*(run() for run in runs.values())))
    return rows


def _networks(task: str, given: bench.Options, precision: Precision) -> list[tuple[str, Path, tuple[int, ...]]]:
    wanted = replace(given, precision=precision)
    wanted.ours(task)  # converts the weights where that is not done yet
    return limit.networks(task, wanted)


def _alone(
    path: Path, precision: Precision, task: str, given: bench.Options, shape: tuple[int, ...]
) -> Callable[[], dict[str, np.ndarray]]:
    compute, constants = replace(given.compute(task), precision=precision), NEVER_TRAINING if path.stem in EXACT else {}
    with compiled_anew({}):
        session = Session(path, compute=compute, constants=constants)
    (name,) = session._inputs.keys() & limit.INPUTS
    shown = inputs.clip(shape[-1] / SAMPLE_RATE)[None] if task == "emotion" else _picture(shape)
    return lambda: session.run({name: shown})


def _picture(shape: tuple[int, ...]) -> np.ndarray:
    return inputs.picture(shape[-2], 1).astype(np.float32).reshape(shape)


def _apart(exact: dict[str, np.ndarray], answer: dict[str, np.ndarray]) -> dict[str, str]:
    """Over all outputs, in their own units: grey levels, pixels, logits."""
    pairs = [(exact[name].astype(np.float64), answer[name]) for name in exact if exact[name].dtype.kind in "fu"]
    far = np.concatenate([np.abs(before - after).ravel() for before, after in pairs])
    return {"mean difference": f"{far.mean():.4f}", "largest": f"{far.max():.2f}"}


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    effort = Effort(seconds=5, most=2) if given.quick else Effort(seconds=20, most=12)
    short = replace(effort, seconds=effort.seconds / 4)
    tables = {
        "Settings of a network": engine(given, effort),
        "Streams": [row for task in given.only[: 1 if given.quick else None] for row in streams(task, given, short)],
        "Loading": [row for task in given.only for row in loading(task, given, short)],
        "Precision of each network": [row for task in given.only for row in precisions(task, given, short)],
        **choices_pictures.tables(given, short.of),
    }
    bench.publish("choices", given, facts, tables)


if __name__ == "__main__":
    main()
