"""The queueing simulation agrees with what theory says, and finds the fewest replicas."""

import pytest

from benchmarks import capacity
from benchmarks.capacity import Case, Simulation, needed

CASE = Case(seconds=(0.5, 0.5, 0.5), shares=(1, 1, 1), queue=64, balance="least")


def test_without_bursts_it_waits_as_long_as_theory_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "BURST", 1.0)
    monkeypatch.setattr(capacity, "REQUESTS", 40_000)
    simulation = Simulation(CASE, 1, 1.0)
    outcome = simulation.run()
    # Pollaczek-Khinchine: wait = busy * mean * (1 + variation squared) / (2 * (1 - busy))
    wait = 0.5 * 0.5 * (1 + capacity.VARIATION**2) / (2 * (1 - 0.5))
    assert sum(simulation._taken) / len(simulation._taken) == pytest.approx(wait + 0.5, rel=0.06)
    assert outcome.busy == pytest.approx(0.5, rel=0.05)
    assert outcome.refused == 0


def test_more_load_needs_more_replicas_and_one_less_would_not_do() -> None:
    few, many = needed(CASE, 1, 2.0), needed(CASE, 4, 2.0)
    assert few is not None and many is not None
    assert 4 * CASE.mean < many
    assert few < many
    assert capacity.good(CASE, many, 4, 2.0) and not capacity.good(CASE, many - 1, 4, 2.0)


def test_too_much_is_refused() -> None:
    assert Simulation(CASE, 1, 10.0).run().refused > 0.5
    assert needed(CASE, 1000, 2.0) is None
