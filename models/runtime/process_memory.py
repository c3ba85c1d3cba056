"""How much memory this process has, and how much of what it may have is free."""

import os
from pathlib import Path

from models.runtime.cpu_count import CONTROL_GROUP

LIMITS = ("memory.max", "memory/memory.limit_in_bytes")  # of a control group, version 2 and 1
MACHINE = Path("/proc/meminfo")


def resident_memory_mb() -> float:
    """Physical memory in MB (Linux; 0 elsewhere)."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def free_share(machine: Path = MACHINE, control_group: Path = CONTROL_GROUP) -> float:
    """The share, 0 to 1, of the machine's or the container's memory that nobody uses (Linux; 0 elsewhere)."""
    try:
        told = dict(line.split(":") for line in machine.read_text().splitlines())
        total, available = (int(told[name].split()[0]) / 1e3 for name in ("MemTotal", "MemAvailable"))
    except (OSError, ValueError, KeyError):
        return 0.0
    bound = min(total, *(_limit_mb(control_group / name) for name in LIMITS))
    return max(0.0, min(available, bound - resident_memory_mb()) / bound)


def _limit_mb(path: Path) -> float:
    try:
        return int(path.read_text()) / 1e6
    except (OSError, ValueError):  # there is none, or it says `max`
        return float("inf")
