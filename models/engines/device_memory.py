"""How much memory a GPU has, and what the models of this process take of it.

torch is imported only by the functions: they are for devices that it runs models on already.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class DeviceMemory:
    """In bytes. Of this process: what its tensors take (`used`), the most they have taken (`peak`), what it keeps for
    them (`kept`) and may keep at most (`limit`, None where that cannot be asked). Of the card: what nobody has taken
    (`free`), and all (`total`). `refused` counts how often there was not enough."""

    used: int
    peak: int
    kept: int
    limit: int | None
    free: int
    total: int
    refused: int


def of(device: str) -> DeviceMemory | None:
    """None of the CPU, and of a device that answers no more."""
    measure = {"cuda": _cuda, "mps": _mps}.get(kind_of(device))
    try:
        return measure(device) if measure else None
    except RuntimeError:
        return None


def is_lost(device: str) -> bool:
    """A GPU that answers no more does nothing else either: after some errors every later call of a process fails."""
    return kind_of(device) != "cpu" and of(device) is None


def used_mb(device: str) -> float:
    """What this process's tensors take; of the CPU 0, for that is told by its process."""
    found = of(device)
    return found.used / 1e6 if found else 0.0


def grown_mb(device: str, before: float) -> float | None:
    """What came to `before` since; None of the CPU."""
    found = of(device)
    return round(found.used / 1e6 - before, 1) if found else None


def bound(device: str, megabytes: int) -> None:
    """Let this process take so many MB of a GPU, 0: as many as it has."""
    import torch

    kind = kind_of(device)
    if megabytes and kind == "cuda":
        share = megabytes * 1e6 / torch.cuda.mem_get_info(_index(device))[1]
        torch.cuda.set_per_process_memory_fraction(min(1.0, share), _index(device))
    if megabytes and kind == "mps":
        torch.mps.set_per_process_memory_fraction(min(1.0, megabytes * 1e6 / torch.mps.recommended_max_memory()))


def give_back(device: str) -> None:
    """Let others have what is kept for tensors and not used; nothing on the CPU, or where the device is lost."""
    import torch

    empty = {"cuda": torch.cuda.empty_cache, "mps": torch.mps.empty_cache}.get(kind_of(device))
    with suppress(RuntimeError):
        if empty:
            empty()


def kind_of(device: str) -> str:
    return device.partition(":")[0]


def _index(device: str) -> int:
    """Not every function of torch takes `cuda` for the first card."""
    return int(device.partition(":")[2] or 0)


def _cuda(device: str) -> DeviceMemory:
    import torch

    free, total = torch.cuda.mem_get_info(_index(device))
    told = torch.cuda.memory_stats(_index(device))
    return DeviceMemory(
        used=told.get("allocated_bytes.all.current", 0),
        peak=told.get("allocated_bytes.all.peak", 0),
        kept=told.get("reserved_bytes.all.current", 0),
        limit=round(torch.cuda.get_per_process_memory_fraction(_index(device)) * total),
        free=free,
        total=total,
        refused=told.get("num_ooms", 0),
    )


def _mps(device: str) -> DeviceMemory:
    """The machine's own memory; Metal tells neither a peak nor what other programs take."""
    import torch

    used, kept = torch.mps.current_allocated_memory(), torch.mps.driver_allocated_memory()
    total = torch.mps.recommended_max_memory()
    return DeviceMemory(used=used, peak=used, kept=kept, limit=None, free=total - kept, total=total, refused=0)
