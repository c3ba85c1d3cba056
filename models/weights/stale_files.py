"""What a killed process leaves half made: its name says whose it is, so that the next start can tell and clear it."""

import functools
import os
import re
import secrets
import shutil
import socket
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

# A process of another machine or container cannot be asked whether it lives; what it works on is touched all the time.
UNTOUCHED_SECONDS = 3600
_MARK = re.compile(r"~([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}~")


def mark() -> str:
    """A name nobody else has, for one piece of work of this process: machine, process, its start, chance."""
    pid = os.getpid()
    return f"~{_place()}-{pid}-{_started(pid)}-{secrets.token_hex(4)}~"


def mark_in(name: str) -> str | None:
    """The mark within a file's name."""
    found = _MARK.search(name)
    return found.group() if found else None


def is_dead(name: str) -> bool:
    """True only where the process that made the mark in `name` is known to be gone."""
    found = _MARK.search(name)
    if found is None or found.group(1) != _place():
        return False
    return not found.group(3) or _started(int(found.group(2))) != found.group(3)


def sweep(folder: Path) -> None:
    """Remove what processes that are gone have left in `folder` itself; what cannot be removed stays."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            if mark_in(path.name) and (is_dead(path.name) or is_untouched(path)):
                remove(path)


def is_untouched(path: Path) -> bool:
    """Whether nobody has changed it for so long that nobody can be working on it."""
    try:
        return time.time() - path.stat().st_mtime > UNTOUCHED_SECONDS
    except OSError:
        return False


def remove(path: Path) -> None:
    """A file or a folder with all in it; what is not there or cannot be removed is no error."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@functools.cache
def _place() -> str:
    """One name for everything within which process numbers mean the same: host, boot, container."""
    facts = [socket.gethostname()]
    with suppress(OSError):
        facts += [Path("/proc/sys/kernel/random/boot_id").read_text(), os.readlink("/proc/self/ns/pid")]
    return sha256(" ".join(facts).encode()).hexdigest()[:8]


def _started(pid: int) -> str:
    """When the process began, in ticks since boot (field 22 of proc(5)'s stat); empty where that is not told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
