"""How much memory this process has, and how much of what it may have is free."""

from pathlib import Path

import numpy as np
import pytest

from models.runtime.process_memory import free_share, resident_memory_mb

GB = 1_000_000  # in the machine's kB


def test_what_is_held_is_counted() -> None:
    before = resident_memory_mb()
    held = np.ones(8 * 2**20)
    assert resident_memory_mb() - before > 0.9 * held.nbytes / 1e6


@pytest.mark.parametrize(
    ("name", "limit", "share"),
    [
        ("", "", 30 / 40),
        ("memory.max", "max\n", 30 / 40),
        ("memory.max", "100000000000000\n", 30 / 40),
        ("memory.max", "20000000000\n", 1),
        ("memory/memory.limit_in_bytes", "20000000000\n", 1),
        ("memory/memory.limit_in_bytes", "1000000\n", 0),
    ],
)
def test_what_is_free_is_told_of_the_machine_or_its_container(
    name: str, limit: str, share: float, tmp_path: Path
) -> None:
    (tmp_path / "memory").mkdir()
    if name:
        (tmp_path / name).write_text(limit)
    machine = tmp_path / "meminfo"
    machine.write_text(f"MemTotal: {40 * GB} kB\nMemAvailable: {30 * GB} kB\n")
    own = resident_memory_mb() / 20_000 if share == 1 else 0
    assert free_share(machine, tmp_path) == pytest.approx(share - own, abs=0.01)


def test_a_machine_that_does_not_tell_has_none_free(tmp_path: Path) -> None:
    assert free_share(tmp_path / "none") == 0
    (tmp_path / "meminfo").write_text("MemTotal: 1 kB\n")
    assert free_share(tmp_path / "meminfo") == 0
