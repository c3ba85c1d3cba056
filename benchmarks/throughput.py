"""Many clients at once, through the residents as the page and REST go: rate, waiting, and fairness between tasks.

    python -m benchmarks.throughput [--quick] [--out FOLDER]

Each client asks again as soon as it is answered. Stock pipelines are not safe to call from two threads: their rate is
that of one client behind a lock, which more clients do not raise.
"""

import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import preload
from benchmarks import bench, inputs
from benchmarks.latency import ask

CLIENTS = (1, 2, 4, 8, 16)
SECONDS_EACH = 5.0
MIXED = "mixed"


def requests(task: str) -> np.ndarray:
    shapes = {"cartoon": lambda: inputs.picture(512, 1), "matting": lambda: inputs.picture(512)}
    return shapes.get(task, lambda: inputs.clip(4))()


def hammer(call: Callable[[str, int], Any], tasks: list[str], seconds: float) -> tuple[list[tuple[str, float]], float]:
    """One thread per entry of `tasks`, asking until the time is over: (task, seconds) of each answer, total seconds."""
    answers: list[tuple[str, float]] = []
    start = time.perf_counter()

    def client(number: int, task: str) -> None:
        while time.perf_counter() < start + seconds:
            answers.append((task, bench.timed(lambda: call(task, number))))

    threads = [threading.Thread(target=client, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.perf_counter() - start


def through_resident(values: dict[str, np.ndarray]) -> Callable[[str, int], Any]:
    def call(task: str, client: int) -> Any:
        resident = preload.RESIDENTS[task]  # type: ignore[index]
        return resident.run(lambda pipeline: ask(pipeline, task)(values[task]), visitor=str(client))

    return call


def through_stock(given: bench.Options, task: str, value: np.ndarray) -> Callable[[str, int], Any]:
    asker, lock = ask(given.reference(task), task), threading.Lock()
    asker(value)

    def call(_task: str, _client: int) -> Any:
        with lock:
            return asker(value)

    return call


def row(who: str, task: str, clients: int, answers: list[tuple[str, float]], seconds: float) -> dict[str, Any]:
    waits = [taken for _, taken in answers]
    return {
        "who": who,
        "task": task,
        "clients": clients,
        "answers": len(answers),
        "requests/s": f"{len(answers) / seconds:.2f}",
        "p50 ms": bench.ms(statistics.median(waits)),
        "p95 ms": bench.ms(bench.p(waits, 95)),
        "p99 ms": bench.ms(bench.p(waits, 99)),
    }


def of_task(task: str, given: bench.Options, counts: tuple[int, ...], seconds: float) -> list[dict[str, Any]]:
    """Every number of clients; the rate and p95 as multiples of one client's; stock with one client."""
    value = requests(task)
    rows = [row("ours", task, n, *hammer(through_resident({task: value}), [task] * n, seconds)) for n in counts]
    for found in rows:
        found["rate / 1 client"] = f"{float(found['requests/s']) / float(rows[0]['requests/s']):.2f}"
        found["p95 / (clients × service)"] = (
            f"{float(found['p95 ms']) / found['clients'] / float(rows[0]['p50 ms']):.2f}"
        )
    if given.stock:
        stock = through_stock(given, task, value)
        rows.append(row("stock", task, 1, *hammer(stock, [task], seconds)))
    return rows


def mixed(counts: tuple[int, ...], seconds: float) -> list[dict[str, Any]]:
    """Clients of all three tasks at once; the share of answers of each task shows whether one starves."""
    tasks = list(preload.RESIDENTS)
    values = {task: requests(task) for task in tasks}
    rows = []
    for count in (count for count in counts if count >= len(tasks)):
        answers, taken = hammer(through_resident(values), [tasks[i % len(tasks)] for i in range(count)], seconds)
        found = row("ours", MIXED, count, answers, taken)
        for task in tasks:
            waits = [wait for name, wait in answers if name == task]
            found[f"{task}: answers, p95 ms"] = f"{len(waits)}, {bench.ms(bench.p(waits, 95)) if waits else '-'}"
        rows.append(found)
    return rows


def one_visitor_many_jobs(seconds: float) -> list[dict[str, Any]]:
    """A visitor with eight jobs in line beside one with a single click, which should wait for one pass, not eight."""
    call, value = through_resident({"matting": requests("matting")}), "matting"
    alone, _ = hammer(call, [value], seconds / 2)
    crowd = [threading.Thread(target=hammer, args=(lambda task, _: call(task, -1), [value] * 8, seconds))]
    crowd[0].start()
    single, _ = hammer(call, [value], seconds / 2)
    crowd[0].join()
    service, waits = (statistics.median(taken for _, taken in found) for found in (alone, single))
    return [
        {
            "single click alone ms": bench.ms(service),
            "beside eight jobs of one visitor ms": bench.ms(waits),
            "in service times": f"{waits / service:.2f}",
        }
    ]


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    counts, seconds = ((1, 4, 8), 4.0) if given.quick else (CLIENTS, SECONDS_EACH)
    bench.ready(given, preload.RESIDENTS)
    tables = {"By task": [found for task in given.only for found in of_task(task, given, counts, seconds)]}
    tables |= {"Mixed": mixed(counts, seconds), "Fairness between visitors": one_visitor_many_jobs(seconds)}
    bench.publish("throughput", given, facts, tables)


if __name__ == "__main__":
    main()
