"""The crowd of the benchmarks loses nothing: every answer and every refusal is counted."""

import pytest

from benchmarks import crowd
from benchmarks.crowd import Load, Refused, done, tasks_of


def test_refusals_are_counted_and_a_client_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAUSE_S", 0.0)
    asked: list[int] = []

    def door(task: str, client: int) -> None:
        asked.append(client)
        if asked.count(client) == 1:
            raise Refused("429")

    load = Load()
    crowd.crowd(load, door, tasks_of(3, ["cartoon", "emotion"]), seconds=0.0, least=3)
    assert load.refused == {"429": 3}
    assert {key: len(waits) for key, waits in load.answers.items()} == {
        ("cartoon", 0): 2,
        ("emotion", 1): 2,
        ("cartoon", 2): 2,
    }


def test_work_done_is_told_in_what_one_client_gets_alone() -> None:
    load = Load({("cartoon", 0): [1.0] * 4, ("emotion", 1): [2.0] * 3}, seconds=10.0)
    assert done(load, {"cartoon": 1.0, "emotion": 2.0}) == pytest.approx(1.0)
