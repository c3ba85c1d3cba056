"""Kept results are bounded."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ui.state.files import publish
from ui.state.result_cache import Keeping, ResultCache, Uploads


@dataclass
class Pass:
    image: np.ndarray


def kept(size: int) -> Pass:
    return Pass(np.zeros(size, np.uint8))


def test_the_longest_unused_is_forgotten_first() -> None:
    results = ResultCache(limit=250)
    first, second = results.put(kept(100)), results.put(kept(100))
    assert results.get(first) is not None
    third = results.put(kept(100))
    assert results.get(second) is None and results.get(first) is not None and results.get(third) is not None


def test_one_large_result_is_kept_until_the_next() -> None:
    results = ResultCache(limit=10)
    large = results.put(kept(100))
    assert results.get(large) is not None
    results.put(kept(1))
    assert results.get(large) is None


def test_dropped_is_gone() -> None:
    results = ResultCache()
    token = results.put(kept(1))
    results.drop(token)
    results.drop(None)
    assert results.get(token) is None and results.get(None) is None


def test_what_nobody_used_for_the_retention_time_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr("ui.state.result_cache.time", clock)
    results = ResultCache(keeping=Keeping(minutes=1))
    old, used = results.put(kept(1)), results.put(kept(1))
    clock.monotonic = lambda: 50.0
    assert results.get(used) is not None
    clock.monotonic = lambda: 70.0
    results.sweep()
    assert results.get(old) is None and results.get(used) is not None


def test_a_file_goes_when_the_last_one_lets_it_go(uploads: Path) -> None:
    held, path = Uploads(), publish(b"picture", "a.png")
    held.hold(path)
    held.hold(path)
    held.release(path)
    assert Path(path).exists()
    held.release(path)
    assert list(uploads.iterdir()) == []
