"""How long a model took to start, this time and before: JSON lines, one a start, and whether this start was slow."""

import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from models.runtime.resident import Slot
from models.weights import atomic_file

KEPT = 30  # starts that are remembered
ENOUGH = 3  # fewer say nothing of what is usual
# A start is slow when it takes so many times the usual, and so much longer that anyone would notice.
SLOW_TIMES = 2.0
SLOW_BY_SECONDS = 1.0
COUNTED = ("loading", "warming")  # fetching depends on the network

log = logging.getLogger(__name__)


def watch(slot: Slot[Any], path: Path) -> None:
    """Hold the start of a model against those in the log at `path`; a slow one warns here, in `/readyz` and in the
    metrics."""
    seconds = slot.status.seconds
    ratio = note(path, seconds)
    slow = is_slow(ratio, seconds)
    slot.report(start_ratio=ratio, slow_start=slow)
    if slow:
        told = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in seconds.items())
        log.warning("%s took %.1f times as long to start as usual: %s", slot.model.key, ratio, told)


def note(path: Path, seconds: Mapping[str, float]) -> float | None:
    """Add a start's seconds by stage to the log at `path`; how many times the median of those before it took, or
    None while they are too few."""
    before = _read(path)
    line = {"at": round(time.time()), **{stage: round(taken, 3) for stage, taken in seconds.items()}}
    _write(path, [*before, line][-KEPT:])
    if len(before) < ENOUGH:
        return None
    return round(_total(seconds) / max(usual(before), 1e-3), 2)


def is_slow(ratio: float | None, seconds: Mapping[str, float]) -> bool:
    """Whether a start that took `ratio` times the usual is worth a warning."""
    if ratio is None or ratio < SLOW_TIMES:
        return False
    total = _total(seconds)
    return total - total / ratio >= SLOW_BY_SECONDS


def usual(starts: list[dict[str, float]]) -> float:
    """Median seconds of the starts, without fetching."""
    return median(map(_total, starts))


def _total(seconds: Mapping[str, float]) -> float:
    return sum(seconds.get(stage, 0.0) for stage in COUNTED)


def _read(path: Path) -> list[dict[str, float]]:
    try:
        starts = [json.loads(line) for line in path.read_text().splitlines()]
        return [{stage: float(taken) for stage, taken in start.items()} for start in starts]
    except (OSError, ValueError, TypeError, AttributeError):  # damaged: as if there were none
        return []


def _write(path: Path, starts: list[dict[str, float]]) -> None:
    # A read-only cache remembers nothing; the model serves all the same.
    with suppress(OSError):
        atomic_file.write(path, "".join(json.dumps(start) + "\n" for start in starts))
