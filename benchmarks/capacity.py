"""How many replicas? A queueing simulation (SimPy) from measured figures, and the measurement itself.

    python -m benchmarks.capacity [--rate R] [--p95 S] [--cartoon S --matting S --emotion S]
    python -m benchmarks.capacity --measure http://localhost:7860     a running studio's figures: see --help

Assumptions, so that a reader can judge the table:
 1. A replica works on one request at a time, first come, first served: on all its cores, whatever the task, as the
    studio does. (A real one takes visitors in turns, which changes who waits, not how much is done.)
 2. A request costs its task's mean seconds times a lognormal factor of coefficient of variation 0.3: sizes differ.
 3. Arrivals are Poisson; a tenth of every minute is a burst with four times the mean rate.
 4. The balancer sends a request to the replica with the fewest under way among those it knows (`least`), or in turns.
 5. A request that finds as many waiting as the queue holds is refused (429) and not tried again.
 6. Replicas are warm and their number does not change; network and balancer cost nothing.
"""

import argparse
import math
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import simpy

REPLICAS = (1, 2, 5, 10, 20, 50, 100, 200)
REQUESTS = 6000  # per point at least; a quarter as warm-up is not counted
MINUTES = 4  # and at least so long, for the bursts
BURST, BURST_SHARE, PERIOD_SECONDS = 4.0, 0.1, 60.0
VARIATION = 0.3
REFUSED_LIMIT = 0.001


@dataclass(frozen=True)
class Case:
    """`seconds` by task on one replica, with the `shares` of the tasks; `queue` places before a refusal."""

    seconds: tuple[float, ...]
    shares: tuple[float, ...]
    queue: int
    balance: str
    seed: int = 0

    @property
    def mean(self) -> float:
        return sum(s * share for s, share in zip(self.seconds, self.shares, strict=True)) / sum(self.shares)


@dataclass(frozen=True)
class Outcome:
    """What one simulation gave: seconds of waiting and work at the 95th percentile, shares of time and of requests."""

    p95: float
    busy: float
    refused: float


class Simulation:
    """`rate` requests per second on average, before so many replicas."""

    def __init__(self, case: Case, replicas: int, rate: float) -> None:
        self.case, self.rate = case, rate
        self._random = random.Random(case.seed)
        self._env = simpy.Environment()
        self._replicas = [simpy.Resource(self._env) for _ in range(replicas)]
        self._taken: list[float] = []
        self._worked = self._asked = self._refused = self._turn = 0.0

    def run(self) -> Outcome:
        requests = max(REQUESTS, round(self.rate * 60 * MINUTES))
        self._env.run(until=self._env.process(self._arrivals(requests)))
        until = self._env.now
        self._env.run()
        ordered = sorted(self._taken)
        p95 = ordered[int(0.95 * len(ordered))] if ordered else math.inf
        return Outcome(p95, self._worked / (until * len(self._replicas)), self._refused / max(1, self._asked))

    def _arrivals(self, requests: int) -> Iterator[simpy.Event]:
        calm = (1 - BURST * BURST_SHARE) / (1 - BURST_SHARE)
        for number in range(requests):
            in_burst = self._env.now % PERIOD_SECONDS < BURST_SHARE * PERIOD_SECONDS
            yield self._env.timeout(self._random.expovariate(self.rate * (BURST if in_burst else calm)))
            self._env.process(self._request(counted=number > requests // 4))

    def _request(self, counted: bool) -> Iterator[simpy.Event]:
        replica, arrived = self._choose(), self._env.now
        self._asked += counted
        if len(replica.queue) >= self.case.queue:
            self._refused += counted
            return
        with replica.request() as place:
            yield place
            seconds = self._service()
            yield self._env.timeout(seconds)
        self._worked += seconds
        if counted:
            self._taken.append(self._env.now - arrived)

    def _choose(self) -> simpy.Resource:
        if self.case.balance == "least":
            return min(self._replicas, key=lambda replica: replica.count + len(replica.queue))
        self._turn += 1
        return self._replicas[int(self._turn) % len(self._replicas)]

    def _service(self) -> float:
        sigma = math.sqrt(math.log(1 + VARIATION**2))
        mean = self._random.choices(self.case.seconds, self.case.shares)[0]
        return mean * self._random.lognormvariate(-(sigma**2) / 2, sigma)


def good(case: Case, replicas: int, rate: float, p95: float) -> Outcome | None:
    """The outcome, if it keeps within `p95` seconds and refuses next to nobody."""
    outcome = Simulation(case, replicas, rate).run()
    return outcome if outcome.p95 <= p95 and outcome.refused <= REFUSED_LIMIT else None


def capacity(case: Case, replicas: int, p95: float) -> tuple[float, Outcome | None]:
    """The highest mean rate that is still good, within 5 %."""
    low, high, best = 0.0, replicas / case.mean, None
    while high - low > 0.05 * high:
        middle = (low + high) / 2
        outcome = good(case, replicas, middle, p95)
        low, high, best = (middle, high, outcome) if outcome else (low, middle, best)
    return low, best


def needed(case: Case, rate: float, p95: float) -> int | None:
    """The fewest replicas, up to the largest of REPLICAS, that are good at this rate."""
    low, high = math.ceil(rate * case.mean), REPLICAS[-1]
    if low > high or not good(case, high, rate, p95):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if good(case, middle, rate, p95) else (middle + 1, high)
    return low


def measure(address: str, each: int) -> None:
    """Ask a studio that nobody else uses, and print seconds and CPU seconds of one request of each task."""
    import httpx

    from benchmarks import inputs
    from models.media import images
    from tests.helpers.drawings import voice

    picture = images.encode(inputs.picture(1024, 1), "jpg", 90)
    with httpx.Client(base_url=address, timeout=120) as client:
        for task, sent in (("cartoon", picture), ("matting", picture), ("emotion", voice(4.0))):
            kind = "audio" if task == "emotion" else "image"
            began, wall = _cpu(client), []
            for _ in range(each):
                start = time.perf_counter()
                client.post(f"/api/v1/{task}", files={kind: sent}).raise_for_status()
                wall.append(time.perf_counter() - start)
            cpu = (_cpu(client) - began) / each
            print(f"{task:8} {statistics.median(wall):.3f} s  {cpu:.3f} CPU s  {1 / cpu:.2f} requests/s per core")


def _cpu(client) -> float:  # type: ignore[no-untyped-def]
    lines = client.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith("process_cpu_seconds_total")).split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", metavar="URL", help="measure instead of simulating")
    parser.add_argument("--each", type=int, default=10, help="requests per task when measuring")
    for task, seconds in (("cartoon", 0.49), ("matting", 0.92), ("emotion", 0.50)):
        parser.add_argument(f"--{task}", type=float, default=seconds, help="seconds of one request on one replica")
    parser.add_argument("--mix", type=float, nargs=3, default=(1, 1, 1), help="shares of the three tasks")
    parser.add_argument("--queue", type=int, default=64, help="places in a replica's queue")
    parser.add_argument("--balance", choices=("least", "turns"), default="least")
    parser.add_argument("--p95", type=float, default=3.0, help="seconds that 95 %% of the answers may take")
    parser.add_argument("--rate", type=float, nargs="+", default=(1, 5, 20, 50), help="requests per second")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.each)
        return
    seconds = (options.cartoon, options.matting, options.emotion)
    show(Case(seconds, tuple(options.mix), options.queue, options.balance), options.p95, options.rate)


def show(case: Case, p95: float, rates: list[float]) -> None:
    print(f"Mean request {case.mean:.2f} s on one replica; p95 within {p95:g} s; balance: {case.balance}\n")
    print("| replicas | requests/s | p95 s | busy | replica hours per million |\n|---|---|---|---|---|")
    for replicas in REPLICAS:
        rate, outcome = capacity(case, replicas, p95)
        if outcome is not None:
            hours = replicas / rate / 3600 * 1e6
            print(f"| {replicas} | {rate:.1f} | {outcome.p95:.2f} | {outcome.busy:.0%} | {hours:.0f} |", flush=True)
    print("\n| requests/s | replicas needed |\n|---|---|")
    for rate in rates:
        print(f"| {rate:g} | {needed(case, rate, p95) or f'more than {REPLICAS[-1]}'} |", flush=True)


if __name__ == "__main__":
    main()
