"""One writer at a time in a folder that several hosts may share, by files alone: flock does not bind other hosts on
every network file system, and some have none.

A lease is a numbered file, and the highest number holds. Making the next number is atomic, so of all who see a holder
die exactly one succeeds it. A holder lives as long as its file changes, by the clock of whoever waits.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.weights import stale_files

Progress = Callable[[int, int], None]

BEAT_SECONDS = 2.0
SILENT_SECONDS = 15.0  # a holder not heard of for so long is taken for dead
POLL_SECONDS = 0.1
_NAME = re.compile(r"\.prewarm-lease\.(\d+)")


class LostError(Exception):
    """Somebody else took this process for dead and works in the folder now."""


class IdleError(Exception):
    """The holder lives, but what it works on does not grow."""


@dataclass(frozen=True)
class _Seen:
    """What a lease file says, and nothing of it means anything but that it changed."""

    number: int
    text: str

    @property
    def holder(self) -> str:
        return str(self._content().get("holder", ""))

    @property
    def bytes(self) -> tuple[int, int]:
        content = self._content()
        return int(content.get("done", 0)), int(content.get("total", 0))

    def _content(self) -> dict[str, str | int]:
        try:
            return dict(json.loads(self.text))
        except ValueError:  # caught while it was being written
            return {}


@dataclass
class Lease:
    """The right to write in `folder`, in files that carry `mark` in their names."""

    folder: Path
    number: int
    mark: str = field(default_factory=stale_files.mark)
    _bytes: tuple[int, int] = (0, 0)
    _beats: int = 0
    _heard: float = field(default_factory=time.monotonic)
    _lost: bool = False

    @property
    def path(self) -> Path:
        return _path(self.folder, self.number)

    def report(self, done: int, total: int) -> None:
        """Tell those who wait how far it is."""
        self._bytes = done, total

    def require(self) -> None:
        """To be called before every write. Raises LostError when the folder is no longer this process's."""
        if time.monotonic() - self._heard > SILENT_SECONDS / 2:
            self.beat()
        if self._lost or time.monotonic() - self._heard > SILENT_SECONDS:
            raise LostError(f"another process works in {self.folder}")

    def beat(self) -> None:
        """Show a sign of life."""
        seen = _seen(self.folder, self.number)
        if seen is None or seen.holder != self.mark:
            self._lost = True
            return
        with suppress(OSError):  # a full disk, say: heard of again when it works again
            self.write("r+")
            self._heard = time.monotonic()

    def write(self, mode: str) -> None:
        self._beats += 1
        done, total = self._bytes
        content = {"holder": self.mark, "beat": self._beats, "done": done, "total": total}
        with self.path.open(mode) as file:
            file.write(f"{json.dumps(content)}\n".ljust(200))

    def release(self) -> None:
        seen = _seen(self.folder, self.number)
        if seen is not None and seen.holder == self.mark:
            with suppress(OSError):
                self.path.unlink()


@contextmanager
def exclusive(folder: Path, *, patience: float, progress: Progress) -> Iterator[Lease]:
    """Hold `folder`, waiting while another process does; its bytes are told to `progress` meanwhile.

    Raises IdleError when the other one brought nothing for `patience` seconds, OSError where nothing can be written.
    """
    lease = _acquire(folder, patience, progress)
    stop = threading.Event()
    beating = threading.Thread(target=_beat_until, args=(lease, stop), name="lease", daemon=True)
    beating.start()
    try:
        yield lease
    finally:
        stop.set()
        beating.join()
        lease.release()


def tidy(folder: Path) -> None:
    """Clear what killed processes left in a folder that is complete. One that somebody may work in is left alone."""
    with suppress(OSError):
        seen = _highest(folder)
        if seen is not None and (
            stale_files.is_dead(seen.holder) or stale_files.is_untouched(_path(folder, seen.number))
        ):
            lease = _take(folder, seen)
            if lease is not None:
                lease.release()
                seen = None
        if seen is None:
            stale_files.sweep(folder)


def _acquire(folder: Path, patience: float, progress: Progress) -> Lease:
    watch = _Watch(patience)
    while True:
        seen = _highest(folder)
        if seen is None or watch.is_gone(seen):
            lease = _take(folder, seen)
            if lease is not None:
                return lease
        else:
            done, total = seen.bytes
            if total:
                progress(done, total)
        time.sleep(POLL_SECONDS)


class _Watch:
    """Looks at whoever holds the folder, with the patience of one who waits."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._seen: _Seen | None = None
        self._changed = self._grown = time.monotonic()

    def is_gone(self, seen: _Seen) -> bool:
        """Whether the holder is dead. Raises IdleError when it lives to no purpose."""
        now = time.monotonic()
        if seen != self._seen:
            if self._seen is None or seen.bytes != self._seen.bytes:
                self._grown = now
            self._seen, self._changed = seen, now
        if stale_files.is_dead(seen.holder) or now - self._changed > SILENT_SECONDS:
            return True
        if now - self._grown > self._patience:
            raise IdleError(f"another process has brought nothing for {self._patience:g} s")
        return False


def _take(folder: Path, seen: _Seen | None) -> Lease | None:
    """The next lease after the dead one that was seen, unless somebody was faster, then or since."""
    lease = Lease(folder, seen.number + 1 if seen else 1)
    try:
        lease.write("x")
    except FileExistsError:
        return None
    except OSError:
        with suppress(OSError):
            lease.path.unlink()
        raise
    others = [number for number in _numbers(folder) if number != lease.number]
    if others[-1:] != ([seen.number] if seen else []):
        lease.release()
        return None
    for number in others:
        with suppress(OSError):
            _path(folder, number).unlink()
    return lease


def _beat_until(lease: Lease, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        lease.beat()


def _highest(folder: Path) -> _Seen | None:
    numbers = _numbers(folder)
    return _seen(folder, numbers[-1]) if numbers else None


def _seen(folder: Path, number: int) -> _Seen | None:
    try:
        return _Seen(number, _path(folder, number).read_text("utf-8"))
    except FileNotFoundError:
        return None


def _numbers(folder: Path) -> list[int]:
    found = (_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match.group(1)) for match in found if match)


def _path(folder: Path, number: int) -> Path:
    return folder / f".prewarm-lease.{number}"
