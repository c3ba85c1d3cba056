"""Many requests at once on a GPU, long ones, and whether memory stays flat: through the product's own residents."""

import gc
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import torch

import preload
from benchmarks import bench, gpu_device, inputs
from benchmarks.crowd import InProcess, Load, crowd, done, tasks_of
from models import parity
from models.engines import Precision

AT_ONCE = 16  # of many pictures
MIXED = "mixed"

Row = dict[str, Any]


def asked(task: str, value: np.ndarray) -> np.ndarray:
    """One request's answer, through the resident."""
    resident = preload.RESIDENTS[task]  # type: ignore[index]
    return resident.run(lambda pipeline: inputs.ask(pipeline, task)(value)).value


def compared(task: str, answer: np.ndarray, other: np.ndarray, precision: Precision) -> Row:
    """Parity of two answers as columns."""
    of = parity.of_scores if task == "emotion" else parity.of_images
    difference = of(task, answer, other, precision)
    told = {"mean difference": f"{difference.mean:.5f}", "largest": f"{difference.largest:.5f}"}
    return told | {"parity": "ok" if difference.within else "OFF"}


def clients(values: dict[str, np.ndarray], counts: tuple[int, ...], seconds: float, precision: Precision) -> list[Row]:
    """Clients of each task and of all together who ask again as soon as they are answered; parity is with the answer
    to the same input asked alone."""
    alone = {task: asked(task, value) for task, value in values.items()}
    rows: list[Row] = []
    each: dict[str, float] = {}  # seconds of one client's request, by task
    for among in (*([task] for task in values), list(values)):
        for count in counts:
            load, door = Load(), InProcess(values)
            crowd(load, door, tasks_of(count, among), seconds=seconds)
            if len(among) == 1:
                each.setdefault(among[0], load.seconds / len(load.waits()))
            pairs = [(task, answer, alone[task]) for (task, _), answer in door.answers.items()]
            rows.append(_crowded(MIXED if len(among) > 1 else among[0], count, load, each) | _worst(pairs, precision))
    return rows


def _crowded(task: str, count: int, load: Load, each: dict[str, float]) -> Row:
    waits = load.waits()
    return {
        "task": task,
        "clients": count,
        "answers": len(waits),
        "refused": sum(load.refused.values()),
        "requests/s": f"{len(waits) / load.seconds:.1f}",
        "p50 ms": bench.ms(statistics.median(waits)),
        "p95 ms": bench.ms(bench.p(waits, 95)),
        "rate / 1 client": f"{done(load, each):.2f}",
    }


def _worst(triples: list[tuple[str, np.ndarray, np.ndarray]], precision: Precision) -> Row:
    found = [compared(*triple, precision) for triple in triples]
    return max(found, key=lambda row: (row["parity"] != "ok", float(row["largest"])))


def many_pictures(task: str, count: int, side: int, precision: Precision) -> Row:
    """JPEG files in, JPEG files out, decoded and encoded within; parity of one answer with the same asked alone."""
    files = [cv2.imencode(".jpg", inputs.picture(side, 1, seed=seed))[1] for seed in range(count)]

    def one(file: np.ndarray) -> np.ndarray:
        answer = asked(task, cv2.imdecode(file, cv2.IMREAD_COLOR))
        cv2.imencode(".jpg", answer.astype(np.uint8))
        return answer

    alone = one(files[-1])
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, files))
    seconds = time.perf_counter() - start
    row = {"request": f"{count} × {task} {side} px", "s": f"{seconds:.2f}", "each ms": bench.ms(seconds / count)}
    return row | compared(task, answers[-1], alone, precision)


def long_sound(seconds: float, exact: Callable[[np.ndarray], np.ndarray], precision: Precision) -> Row:
    """One recording; parity with `exact`, the same networks in torch f32."""
    clip = inputs.clip(seconds)
    asked("emotion", clip)
    start = time.perf_counter()
    answer = asked("emotion", clip)
    taken = time.perf_counter() - start
    row = {"request": f"emotion {seconds:g} s", "s": f"{taken:.2f}", "each ms": bench.ms(taken)}
    return row | compared("emotion", answer, exact(clip), precision)


def growth(count: int, sides: tuple[int, ...], lengths: tuple[float, ...], device: torch.device) -> list[Row]:
    """Memory over mixed requests of several sizes; counted from the level after a tenth of them."""
    shapes = [(task, inputs.picture(side, 1)) for side in sides for task in ("cartoon", "matting")]
    shapes += [("emotion", inputs.clip(length)) for length in lengths]
    marks: dict[int, dict[str, float]] = {}
    for number in range(1, count + 1):
        asked(*shapes[number % len(shapes)])
        if number in (max(1, count // 10), count // 2, count):
            gc.collect()
            marks[number] = gpu_device.level_mb(device)
    first = next(iter(marks.values()))
    return [
        {"mixed requests": number, **{name: f"{size:.0f}" for name, size in sizes.items()}}
        | {f"{name} more": f"{size - first[name]:.1f}" for name, size in sizes.items()}
        for number, sizes in marks.items()
    ]
