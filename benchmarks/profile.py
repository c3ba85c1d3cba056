"""Where one request of each kind spends its time, by kind of layer, from OpenVINO's own counters.

    python -m benchmarks.profile [--quick] [--out FOLDER]

Counting costs a little: the sum is some per cent above an uncounted request.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from benchmarks import bench, inputs
from benchmarks.inputs import ask
from models.engines import openvino
from models.engines.openvino import Session

REQUESTS = {
    "cartoon 1 face 1024 px": ("cartoon", lambda: inputs.picture(1024, 1)),
    "matting 512 px": ("matting", lambda: inputs.picture(512)),
    "emotion 4 s": ("emotion", lambda: inputs.clip(4)),
    "emotion 20 s": ("emotion", lambda: inputs.clip(20)),
}
OUTSIDE = "outside networks"
SHOWN = 8


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Seconds by kind of layer of every pass inside the block, and under OUTSIDE (negative) the passes' own."""
    spent: Counter[str] = Counter()
    options, run = openvino._options, Session.run

    def counted(*given: Any) -> dict[str, object]:
        return {**options(*given), "PERF_COUNT": True}

    def told(self: Session, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        start = time.perf_counter()
        answer = run(self, arrays)
        spent[OUTSIDE] -= time.perf_counter() - start  # type: ignore[assignment]
        with self._request() as request:
            for layer in request.get_profiling_info():
                spent[f"{layer.node_type} ({layer.exec_type})"] += layer.real_time.total_seconds()  # type: ignore[assignment]
        return answer

    with mock.patch.object(openvino, "_options", counted), mock.patch.object(Session, "run", told):
        yield spent


def profile(name: str, given: bench.Options) -> list[dict[str, Any]]:
    task, make = REQUESTS[name]
    value, rounds = make(), []
    with counting() as spent:
        one = ask(given.ours(task), task)
        for _ in range(3 if given.quick else 7):
            spent.clear()
            start = time.perf_counter()
            one(value)
            spent[OUTSIDE] += time.perf_counter() - start  # type: ignore[assignment]
            rounds.append(Counter(spent))
    layers = {layer: statistics.median(each[layer] for each in rounds[1:]) for layer in rounds[-1]}
    total = sum(layers.values())
    heaviest = sorted(layers.items(), key=lambda item: -item[1])
    rows = [
        {"request": name, "layer": layer, "ms": bench.ms(taken), "share": f"{100 * taken / total:.1f} %"}
        for layer, taken in heaviest[:SHOWN]
    ]
    if OUTSIDE not in dict(heaviest[:SHOWN]):
        taken = layers[OUTSIDE]
        rows.append({"request": name, "layer": OUTSIDE, "ms": bench.ms(taken), "share": f"{100 * taken / total:.1f} %"})
    return rows


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    tables = {name: profile(name, given) for name, (task, _) in REQUESTS.items() if task in given.only}
    bench.publish("profile", given, facts, tables)


if __name__ == "__main__":
    main()
