"""Files that a network was read from stay mapped into memory after it has made copies of its own: let go of them."""

import ctypes
import re
from pathlib import Path

_MADV_DONTNEED = 4
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-[x-]. \S+ \S+ \S+ +(/.*)")


def let_go(folder: Path) -> None:
    """Give back the memory of read-only mapped files below `folder` (Linux; nothing elsewhere).

    The files stay mapped: a page that is read again comes from the kernel's cache, where all processes share it.
    """
    try:
        libc, lines = ctypes.CDLL(None), Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return
    root = str(folder.resolve()) + "/"
    for found in filter(None, map(_MAPPING.match, lines)):
        start, end, path = int(found[1], 16), int(found[2], 16), found[3]
        if path.startswith(root):
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_DONTNEED)
