"""How long one request takes, ours and stock in turns, with the parity of the answers beside it.

    python -m benchmarks.latency [--quick] [--out FOLDER]

The arrays are ready in memory; decoding and encoding are in the table of stages.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from benchmarks import bench, inputs
from models import audio, images, matting, parity
from models.engines.openvino import Session

SIDES = (512, 1024, 2048)
SECONDS = (1, 4, 10, 30, 60)
LONG_SECONDS = 600  # ours alone: stock needs memory with the square of the length
BUDGET_S, MOST = 8.0, 12
QUICK_BUDGET_S, QUICK_MOST = 5.0, 4


def cases(task: str, quick: bool) -> dict[str, np.ndarray]:
    """Named inputs of a task."""
    if task == "emotion":
        return {f"emotion {s} s": inputs.clip(s) for s in (SECONDS[:3] if quick else SECONDS)}
    sides = SIDES[:2] if quick else SIDES
    if task == "matting":
        return {f"matting {side} px": inputs.picture(side) for side in sides}
    pairs = [(512, 0), (512, 1), (1024, 1)] if quick else [(side, n) for side in sides for n in (0, 1, 3)]
    return {f"cartoon {n} faces {side} px": inputs.picture(side, n) for side, n in pairs}


def ask(pipeline: Any, task: str) -> Callable[[np.ndarray], Any]:
    """One answer as an array: the picture, the matte on 0..255, the scores."""
    return {
        "cartoon": lambda rgb: pipeline.stylize([rgb])[0].image,
        "matting": lambda rgb: pipeline.matte([rgb])[0] * 255,
        "emotion": lambda waveform: pipeline.analyze([waveform])[0].scores,
    }[task]


def measure(task: str, given: bench.Options) -> list[dict[str, Any]]:
    ours = given.ours(task)
    ours.warm_up()
    askers = {"ours": ask(ours, task)}
    if given.stock:
        askers["stock"] = ask(given.reference(task), task)
    return [_row(name, task, value, askers, given) for name, value in cases(task, given.quick).items()]


def _row(name: str, task: str, value: np.ndarray, askers: dict[str, Any], given: bench.Options) -> dict[str, Any]:
    start = time.perf_counter()
    mine = askers["ours"](value)
    first = time.perf_counter() - start
    budget, most = (QUICK_BUDGET_S, QUICK_MOST) if given.quick else (BUDGET_S, MOST)
    taken = bench.alternate({who: _bound(asker, value) for who, asker in askers.items()}, seconds=budget, most=most)
    middle, processor = (statistics.median(times) for times in (taken["ours"].wall, taken["ours"].cpu))
    row = {"case": name, "runs": len(taken["ours"].wall), "ours ms (p5-p95)": bench.spread(taken["ours"].wall)}
    if given.stock:
        theirs = askers["stock"](value)
        compared = parity.of_scores if task == "emotion" else parity.of_images
        difference = compared(name, mine, theirs, given.precision)
        row |= {
            "stock ms (p5-p95)": bench.spread(taken["stock"].wall),
            "stock / ours": f"{statistics.median(taken['stock'].wall) / middle:.2f}",
            "ours, stock CPU ms": f"{bench.ms(processor)}, {bench.ms(statistics.median(taken['stock'].cpu))}",
            "CPU ratio": f"{statistics.median(taken['stock'].cpu) / processor:.2f}",
            "mean difference": f"{difference.mean:.5f}",
            "largest": f"{difference.largest:.5f}",
            "parity": "ok" if difference.within else "OFF",
        }
    return row | {"first / median": f"{first / middle:.2f}"}


def _bound(asker: Callable[[np.ndarray], Any], value: np.ndarray) -> Callable[[], Any]:
    return lambda: asker(value)


def stages(task: str, given: bench.Options) -> dict[str, Any]:
    """Where one whole request's time goes: file bytes in, file bytes out, in ms (medians)."""
    pipeline, value = given.ours(task), _typical(task)
    pipeline.warm_up()
    data = audio.encode_wav(value) if task == "emotion" else images.encode(value, "jpg")
    rows = [_one(task, pipeline, data) for _ in range(4 if given.quick else 12)][1:]
    row = {"case": {"cartoon": "cartoon 1 face 1024 px", "matting": "matting 512 px", "emotion": "emotion 4 s"}[task]}
    for stage in rows[0]:
        row[f"{stage} ms"] = bench.ms(statistics.median(run[stage] for run in rows))
    return row


def _typical(task: str) -> np.ndarray:
    shapes = {"cartoon": lambda: inputs.picture(1024, 1), "matting": lambda: inputs.picture(512)}
    return shapes.get(task, lambda: inputs.clip(4))()


def _one(task: str, pipeline: Any, data: bytes) -> dict[str, float]:
    marks = [time.perf_counter()]
    value = audio.decode(data) if task == "emotion" else images.decode(data)
    marks.append(time.perf_counter())
    with networks_timed() as passes:
        answer = ask(pipeline, task)(value)
    marks.append(time.perf_counter())
    if task == "matting":
        answer = matting.composite(value, matting.refine(answer / 255))
    marks.append(time.perf_counter())
    if task != "emotion":
        images.encode(answer, "png")
    marks.append(time.perf_counter())
    decode, model, finish, encode = np.diff(marks)
    return {
        "decode": decode,
        "before, between and after networks": model - sum(passes),
        "networks": sum(passes),
        "finish": finish,
        "encode": encode,
        "all": marks[-1] - marks[0],
    }


@contextmanager
def networks_timed() -> Iterator[list[float]]:
    """Seconds of every pass through a network inside the block."""
    passes: list[float] = []
    run = Session.run

    def timed(self: Session, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        start = time.perf_counter()
        answer = run(self, arrays)
        passes.append(time.perf_counter() - start)
        return answer

    with mock.patch.object(Session, "run", timed):
        yield passes


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
    rows = [row for task in given.only for row in measure(task, given)]
    tables = {"One request": rows, "Stages of one request": [stages(task, given) for task in given.only]}
    if "emotion" in given.only and not given.quick:
        tables["Ten minutes"] = [long_clip(given)]
    bench.publish("latency", given, facts, tables)


if __name__ == "__main__":
    main()
