"""Large arrays come from the system and go back to it, whatever their sizes were."""

import ctypes
import sys

from models.runtime.process_memory import resident_memory_mb

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of malloc.h
# The layers of a photo of 1024 px are smaller, and stay: mapping them anew took a third of the time of a finish more.
LARGE_BYTES = 13 * 2**20
ARENAS = 2  # each keeps what its threads have freed
# What photos of ever new sizes leave free between blocks that stay: 0.3 GB after four hundred.
KEPT_MB = 32.0


def return_large_blocks() -> None:
    """Have glibc map every block of LARGE_BYTES on its own; nothing elsewhere.

    By itself it raises that bound to the largest block freed so far, up to 32 MB, and keeps what lies below: after
    sixteen photos of 49 megapixels at once 2.2 GB instead of 0.25, and more with every new size of photo.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, LARGE_BYTES)
        libc.mallopt(_M_ARENA_MAX, ARENAS)


class FreePages:
    """What was freed but not given back, because something that stays lies behind it."""

    def __init__(self) -> None:
        self._level = 0.0

    def give_back(self) -> None:
        """Have the system take free pages again when the process has grown by KEPT_MB since the last time. Takes some
        milliseconds, and those who need such memory next get it page by page."""
        self._level = min(self._level, resident_memory_mb())
        if resident_memory_mb() > self._level + KEPT_MB:
            give_back_all()
            self._level = resident_memory_mb()


def give_back_all() -> None:
    """Have the system take all free pages again (glibc; nothing elsewhere)."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
