"""How much memory this process has."""

import numpy as np

from models.runtime.process_memory import resident_memory_mb


def test_what_is_held_is_counted() -> None:
    before = resident_memory_mb()
    held = np.ones(8 * 2**20)
    assert resident_memory_mb() - before > 0.9 * held.nbytes / 1e6
