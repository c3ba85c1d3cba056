"""Bytes arriving in a folder that others may use too: one writer at a time, beside first, in place only when whole."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from models.manifest import Entry, Files, sha256_of

Progress = Callable[[int, int], None]

LOCK_NAME = ".prewarm.lock"
PART_SUFFIX = ".incomplete"
POLL_SECONDS = 0.1
STALE_SECONDS = 24 * 3600


class Meter:
    """Adds up the bytes of all files for one progress callback."""

    def __init__(self, progress: Progress, listed: Files) -> None:
        self._progress = progress
        self._sizes = {name: entry.size for name, entry in listed.items()}
        self._done = dict.fromkeys(listed, 0)

    def reach(self, name: str, size: int) -> None:
        """`size` bytes of the file are there."""
        self._done[name] = size
        self._progress(sum(self._done.values()), sum(self._sizes.values()))

    def finish(self, name: str) -> None:
        """All of the file is there."""
        self.reach(name, self._sizes[name])


@contextmanager
def exclusive(folder: Path, patience: float) -> Iterator[bool]:
    """Waits while another process fetches into `folder`.

    Yields False where locks do not work, or the other one brought nothing for `patience` seconds: then the names of
    partial files must be this process's alone.
    """
    with (folder / LOCK_NAME).open("w") as handle:
        yield _acquire(handle, folder, patience)


def _acquire(handle: IO[str], folder: Path, patience: float) -> bool:
    seen, since = -1, time.monotonic()
    while (locked := _try_lock(handle)) is None:
        arrived = sum(size_of(part) for part in folder.glob(f"*{PART_SUFFIX}"))
        if arrived != seen:
            seen, since = arrived, time.monotonic()
        if time.monotonic() - since > patience:
            return False
        time.sleep(POLL_SECONDS)
    return locked


def _try_lock(handle: IO[str]) -> bool | None:
    """True: ours; None: another's; False: this file system or system has no such locks."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    except (ImportError, OSError):
        return False
    return True


def part_path(target: Path, locked: bool) -> Path:
    """Where `target` grows. The host is in the name because flock on NFS may not bind other hosts."""
    owner = socket.gethostname() if locked else f"{socket.gethostname()}.{os.getpid()}.{threading.get_ident()}"
    return target.with_name(f"{target.name}.{owner}{PART_SUFFIX}")


def same(path: Path, entry: Entry) -> bool:
    """Is the file there with this size and content?"""
    if size_of(path) != entry.size or not path.is_file():
        return False
    return not entry.sha256 or sha256_of(path) == entry.sha256


def settle(part: Path, target: Path) -> None:
    """Puts a verified file in its place in one step; a different one there is kept as `.damaged`."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    aside = target.with_name(f"{target.name}.damaged")
    with suppress(OSError):
        if target.exists():
            aside.unlink(missing_ok=True)
            os.link(target, aside)
    os.replace(part, target)
    _sweep(target)


def _sweep(target: Path) -> None:
    """Removes what other hosts left unfinished long ago."""
    for part in target.parent.glob(f"{target.name}.*{PART_SUFFIX}"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_SECONDS:
                part.unlink()


def size_of(path: Path) -> int:
    """Bytes in the file, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
