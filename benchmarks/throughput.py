"""Many clients at once, through every door: rate, waiting, fairness between tasks and visitors, what a door adds.

    python -m benchmarks.throughput [--quick] [--out FOLDER]

Ours is app.py in a process of its own, asked over HTTP: REST, and the page's queue as a browser uses it; beside it the
residents in this process, without a door, and the stock app of naive_app.py. Clients share the cores with the server.
The numbers of clients take turns, so that noise hits all alike. About eight minutes.
"""

import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import bench, beside, programs
from benchmarks.crowd import Door, InProcess, Load, crowd, done, tasks_of
from benchmarks.doors import Page, Rest, StockPage

COUNTS = (1, 2, 4, 8, 16)
FEW, QUICK, STOCK = (1, 8), (1, 4), (1, 3)  # where all would take too long; stock's emotion takes six seconds
ROUNDS = 2
ENOUGH = 24  # answers of a case: further rounds leave it out
SECONDS = 2.0  # of one crowd in one round, or longer: until every client was answered twice
MIXED = "mixed"

Case = tuple[str, str, int]  # door, task or MIXED, clients
Loads = dict[Case, Load]


@contextmanager
def served(given: bench.Options, scratch: Path) -> Iterator[str]:
    """Ours, all models ready; its address."""
    port = programs.free_port()
    address = f"http://127.0.0.1:{port}/"
    arguments = ["app.py", "--host", "127.0.0.1", "--port", str(port), *bench.flags(given)]
    with programs.program(arguments, scratch / "ours.log") as start:
        programs.until_settled(address, start)
        yield address


@contextmanager
def stock(given: bench.Options, scratch: Path) -> Iterator[str]:
    """The stock app, after a click on each task."""
    port = programs.free_port()
    address = f"http://127.0.0.1:{port}/"
    arguments = ["-m", "benchmarks.naive_app", str(port), str(given.standins), str(given.threads)]
    with programs.program(arguments, scratch / "stock.log") as start:
        programs.until_served(address, start)
        door = StockPage(address)
        for task in given.only:
            door(task, 0)
        yield address


def measure(loads: Loads, doors: Mapping[str, Door], given: bench.Options, *, rounds: int) -> None:
    """Every case of `loads`, `rounds` times in turns."""
    for _ in range(rounds):
        for (door, task, clients), load in loads.items():
            if len(load.waits()) >= ENOUGH:
                continue
            among = given.only if task == MIXED else (task,)
            crowd(load, doors[door], tasks_of(clients, among), seconds=SECONDS)


def cases(door: str, counts: tuple[int, ...], given: bench.Options) -> Loads:
    found = {(door, task, clients): Load() for task in given.only for clients in counts}
    if len(given.only) > 1:
        found |= {(door, MIXED, clients): Load() for clients in counts if clients >= len(given.only)}
    return found


def row(case: Case, loads: Loads, given: bench.Options) -> dict[str, Any]:
    """One case; rate and p95 also as multiples of what one client alone gets through the same door."""
    door, task, clients = case
    load, alone = loads[case], {of: loads[door, of, 1] for of in given.only}
    waits = load.waits() or [float("nan")]
    each = {of: one.seconds / max(1, len(one.waits())) for of, one in alone.items()}
    line = sum(each[of] for of in tasks_of(clients, given.only if task == MIXED else (task,)))
    by_client = [len(found) for found in load.answers.values()]
    return {
        "door": door,
        "task": task,
        "clients": clients,
        "answers": len(load.waits()),
        "refused or failed": ", ".join(f"{count} × {name}" for name, count in load.refused.items()) or 0,
        "requests/s": f"{len(load.waits()) / load.seconds:.2f}",
        "p50 ms": bench.ms(statistics.median(waits)),
        "p95 ms": bench.ms(bench.p(waits, 95)),
        "p99 ms": bench.ms(bench.p(waits, 99)),
        "rate / 1 client": f"{done(load, each):.2f}",
        "p95 / (clients × service)": f"{bench.p(waits, 95) / line:.2f}",
        "answers of a client, fewest-most": f"{min(by_client)}-{max(by_client)}",
    }


def shares(case: Case, load: Load, given: bench.Options) -> dict[str, Any]:
    """What each task got of a mixed load: one that starves would show."""
    found: dict[str, Any] = {"door": case[0], "clients": case[2]}
    for task in given.only:
        waits = load.waits(task) or [float("nan")]
        found[f"{task}: answers, p50, p95 ms"] = (
            f"{len(load.waits(task))}, {bench.ms(statistics.median(waits))}, {bench.ms(bench.p(waits, 95))}"
        )
    return found


def costs(doors: Mapping[str, Door], rest: Rest, given: bench.Options) -> list[dict[str, Any]]:
    """One client, the doors in turns: what REST and the page add to the resident, and how much of REST's is work on
    the file."""
    rows = []
    for task in given.only:
        rest.stages[task].clear()
        calls = {name: partial(door, task, 0) for name, door in doors.items()}
        taken = bench.alternate(calls, seconds=2 * SECONDS, most=12)
        alone = {name: statistics.median(times.wall) for name, times in taken.items()}
        work = [sum(stages[name] for name in ("decode", "finish", "encode")) for stages in rest.stages[task]]
        rows.append(
            {"task": task}
            | {f"{name} ms": bench.ms(seconds) for name, seconds in alone.items()}
            | {f"{name} adds ms": f"{1e3 * (alone[name] - alone['resident']):.1f}" for name in ("REST", "page")}
            | {"of REST's: decode, finish, encode ms": f"{statistics.median(work):.1f}"}
        )
    return rows


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    counts, rounds = (QUICK, 1) if given.quick else (COUNTS, ROUNDS)
    bench.ready(given, given.only)
    with ExitStack() as running:
        scratch = Path(running.enter_context(tempfile.TemporaryDirectory()))
        address = running.enter_context(served(given, scratch))
        rest = Rest(address)
        doors: dict[str, Door] = {"resident": InProcess(), "REST": rest, "page": Page(address)}
        loads = cases("resident", FEW[:1] if given.quick else FEW, given)
        loads |= cases("REST", counts, given) | cases("page", counts, given)
        measure(loads, doors, given, rounds=rounds)
        added = costs(doors, rest, given)
        waits = beside.measure(address, given.only, seconds=beside.QUICK_SECONDS if given.quick else beside.SECONDS)
    if given.stock:
        with tempfile.TemporaryDirectory() as folder, stock(given, Path(folder)) as address:
            theirs = cases("stock app", STOCK[:1] if given.quick else STOCK, given)
            measure(theirs, {"stock app": StockPage(address)}, given, rounds=1)
            loads |= theirs
    mixed = {case: load for case, load in loads.items() if case[1] == MIXED}
    tables = {
        "By task and door": [row(case, loads, given) for case in loads if case[1] != MIXED],
        "Mixed": [row(case, loads, given) for case in mixed],
        "Shares of a mixed load": [shares(case, load, given) for case, load in mixed.items()],
        "What a door adds": added,
        "A click beside long work": waits,
    }
    bench.publish("throughput", given, facts, tables)


if __name__ == "__main__":
    main()
