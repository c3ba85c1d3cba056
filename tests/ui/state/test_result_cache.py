"""Kept results are bounded."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from ui.state.result_cache import Shelf


@dataclass
class Pass:
    image: np.ndarray


def kept(size: int) -> Pass:
    return Pass(np.zeros(size, np.uint8))


def test_the_longest_unused_is_forgotten_first() -> None:
    shelf = Shelf(limit=250)
    first, second = shelf.put(kept(100)), shelf.put(kept(100))
    assert shelf.get(first) is not None
    third = shelf.put(kept(100))
    assert shelf.get(second) is None and shelf.get(first) is not None and shelf.get(third) is not None


def test_one_large_result_is_kept_until_the_next() -> None:
    shelf = Shelf(limit=10)
    large = shelf.put(kept(100))
    assert shelf.get(large) is not None
    shelf.put(kept(1))
    assert shelf.get(large) is None


def test_dropped_is_gone() -> None:
    shelf = Shelf()
    token = shelf.put(kept(1))
    shelf.drop(token)
    shelf.drop(None)
    assert shelf.get(token) is None and shelf.get(None) is None


def test_what_nobody_used_for_the_retention_time_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr("ui.state.result_cache.time", clock)
    shelf = Shelf(seconds=60)
    old, used = shelf.put(kept(1)), shelf.put(kept(1))
    clock.monotonic = lambda: 50.0
    assert shelf.get(used) is not None
    clock.monotonic = lambda: 70.0
    shelf.sweep()
    assert shelf.get(old) is None and shelf.get(used) is not None
