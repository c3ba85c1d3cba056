"""How many cores there are for this process, which may be fewer than the machine has."""

import math
import os
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")
FILES = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))  # version 2, version 1
UNLIMITED = ("max", "-1")


def usable() -> int:
    """The cores that the process is bound to, or as many as its container's share of processor time fills.

    One thread more than that and the kernel stops all of them for the rest of each period.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(bound, _share(CONTROL_GROUP))))


def _share(root: Path) -> float:
    """Processor seconds a second that the control group at `root` may use; infinite where nothing limits it."""
    for names in FILES:
        try:
            quota, period = " ".join((root / name).read_text() for name in names).split()
        except (OSError, ValueError):
            continue
        return math.inf if quota in UNLIMITED else int(quota) / int(period)
    return math.inf
