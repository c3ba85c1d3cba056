"""How long one request takes, ours and stock in turns, with the parity of the answers beside it.

    python -m benchmarks.latency [--quick] [--out FOLDER]

The arrays are ready in memory; decoding and encoding are in the table of stages. The first request after ready has a
process of its own for every case.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

import preload
from benchmarks import bench, inputs, stages
from benchmarks.inputs import ask
from models import parity
from models.engines import Precision

Rows = list[dict[str, Any]]
SIDES = (512, 1024, 2048)
SECONDS = (1, 4, 10, 30, 60)
LONG_SECONDS = 600  # ours alone: stock needs memory with the square of the length
# Ours in other precisions than the best of this processor, beside stock.
OTHERS: dict[Precision, tuple[str, ...]] = {
    "f32": ("cartoon 1 faces 1024 px", "matting 512 px", "emotion 4 s", "emotion 10 s"),
    "int8": ("emotion 1 s", "emotion 4 s", "emotion 10 s", "emotion 60 s"),
}
BUDGET_S, MOST = 8.0, 12
QUICK_BUDGET_S, QUICK_MOST = 5.0, 4
PATIENCE_S = 2.0  # a case whose first request takes longer has one fresh process instead of three


def cases(task: str, quick: bool) -> dict[str, np.ndarray]:
    """Named inputs of a task."""
    if task == "emotion":
        return {f"emotion {s} s": inputs.clip(s) for s in (SECONDS[:3] if quick else SECONDS)}
    sides = SIDES[:2] if quick else SIDES
    if task == "matting":
        return {f"matting {side} px": inputs.picture(side) for side in sides}
    pairs = [(512, 0), (512, 1), (1024, 1)] if quick else [(side, n) for side in sides for n in (0, 1, 3)]
    return {f"cartoon {n} faces {side} px": inputs.picture(side, n) for side, n in pairs}


def measure(task: str, given: bench.Options) -> tuple[Rows, dict[Precision, Rows]]:
    """Every case in the precision that is asked for, and some in others, by precision."""
    wanted = cases(task, given.quick)
    firsts = {name: first_over_median(task, name, given) for name in wanted}  # before stock's threads are there
    ours, stock = given.ours(task), given.reference(task) if given.stock else None
    ours.warm_up()
    askers = {"ours": ask(ours, task)} | ({"stock": ask(stock, task)} if stock else {})
    rows = [
        _row(name, task, value, askers, given) | {"first / median": f"{firsts[name]:.2f}"}
        for name, value in wanted.items()
    ]
    others = (each for each in OTHERS if stock and each != given.precision)
    return rows, {each: in_another(each, task, stock, given) for each in others}


def _row(name: str, task: str, value: np.ndarray, askers: dict[str, Any], given: bench.Options) -> dict[str, Any]:
    mine = askers["ours"](value)
    budget, most = (QUICK_BUDGET_S, QUICK_MOST) if given.quick else (BUDGET_S, MOST)
    taken = bench.alternate({who: _bound(asker, value) for who, asker in askers.items()}, seconds=budget, most=most)
    middle, processor = (statistics.median(times) for times in (taken["ours"].wall, taken["ours"].cpu))
    row = {"case": name, "runs": len(taken["ours"].wall), "ours ms (p5-p95)": bench.spread(taken["ours"].wall)}
    if given.stock:
        theirs = askers["stock"](value)
        compared = parity.of_scores if task == "emotion" else parity.of_images
        difference = compared(name, mine, theirs, given.compute(task).precision)
        row |= {
            "stock ms (p5-p95)": bench.spread(taken["stock"].wall),
            "stock / ours": f"{statistics.median(taken['stock'].wall) / middle:.2f}",
            "ours, stock CPU ms": f"{bench.ms(processor)}, {bench.ms(statistics.median(taken['stock'].cpu))}",
            "CPU ratio": f"{statistics.median(taken['stock'].cpu) / processor:.2f}",
            "mean difference": f"{difference.mean:.5f}",
            "largest": f"{difference.largest:.5f}",
            "parity": "ok" if difference.within else "OFF",
        }
    return row


def _bound(asker: Callable[[np.ndarray], Any], value: np.ndarray) -> Callable[[], Any]:
    return lambda: asker(value)


def in_another(precision: Precision, task: str, stock: Any, given: bench.Options) -> Rows:
    """The cases of OTHERS: f32 is stock's own precision, and ours on a processor without bf16."""
    wanted = {name: value for name, value in cases(task, given.quick).items() if name in OTHERS[precision]}
    if not wanted:
        return []
    other = replace(given, precision=precision)
    askers = {"ours": ask(other.ours(task), task), "stock": ask(stock, task)}
    return [_row(name, task, value, askers, other) for name, value in wanted.items()]


def first_over_median(task: str, name: str, given: bench.Options) -> float:
    """The first request after ready over the median of those after it, in a process of its own."""
    ratios = []
    for _ in range(1 if given.quick else 3):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
            taken = fresh.submit(_after_ready, task, name, given).result()
        ratios.append(taken[0] / statistics.median(taken[1:]))
        if taken[0] > PATIENCE_S:
            break
    return statistics.median(ratios)


def _after_ready(task: str, name: str, given: bench.Options) -> list[float]:
    """Seconds of the first requests to a resident that has just got ready."""
    bench.ready(given, [task])
    value, end = cases(task, given.quick)[name], time.perf_counter() + PATIENCE_S
    taken: list[float] = []
    while len(taken) < 3 or (len(taken) < 8 and time.perf_counter() < end):
        taken.append(bench.timed(lambda: preload.RESIDENTS[task].run(lambda pipeline: ask(pipeline, task)(value))))  # type: ignore[index]
    return taken


def long_clip(given: bench.Options) -> dict[str, Any]:
    pipeline, clip = given.ours("emotion"), inputs.clip(LONG_SECONDS)
    pipeline.warm_up()
    taken = bench.timed(lambda: pipeline.analyze([clip]))
    return {
        "case": f"emotion {LONG_SECONDS} s",
        "ours s": f"{taken:.1f}",
        "times real time": f"{LONG_SECONDS / taken:.0f}",
    }


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    found = [measure(task, given) for task in given.only]
    tables = {
        "One request": [row for rows, _ in found for row in rows],
        **{f"Ours in {each}": [row for _, others in found for row in others.get(each, [])] for each in OTHERS},
        **stages.tables(given),
    }
    if "emotion" in given.only and not given.quick:
        tables["Ten minutes"] = [long_clip(given)]
    bench.publish("latency", given, facts, tables)


if __name__ == "__main__":
    main()
