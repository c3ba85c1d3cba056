"""What a visitor made lately in one tab: parameters and files, kept for the visitor alone and for a short time."""

import os
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ui.state.files import discard
from ui.state.result_cache import ResultCache

BYTES = 256 << 20  # of the photos and results of one visitor
PASSES = 3  # of one visitor that stay in memory; the others are made anew when they are opened
VISITORS = 1000


@dataclass
class Entry:
    """One result. `source` is the uploaded file, `values` what the tab's controls said, `token` names the pass on the
    results, `remark` says the result in words, `picture` is the result on the page, if it is one."""

    source: str
    values: dict[Any, Any]
    token: str | None
    remark: str = ""
    picture: str | None = None
    thumb: tuple[str, str] | None = None  # of which picture, and where
    files: set[str] = field(default_factory=set)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    used_at: float = field(default_factory=time.time)


class History:
    """Entries by visitor, the newest first. Nothing is found without the visitor's own key."""

    def __init__(self, results: ResultCache) -> None:
        self._results, self.keeping = results, results.keeping
        self._lock = threading.RLock()
        self._entries: dict[str, list[Entry]] = {}

    def add(self, owner: str, entry: Entry) -> None:
        """Keep `entry`; what is too old or too much goes."""
        with self._lock:
            for visitor in list(self._entries):
                self.entries(visitor)
            self._results.uploads.hold(entry.source)
            kept = [entry, *self._entries.pop(owner, [])]
            self._entries[owner] = kept
            for old in kept[PASSES:]:
                self._results.drop(old.token)
                old.token = None
            while len(kept) > self.keeping.history or (len(kept) > 1 and sum(map(_bytes, kept)) > BYTES):
                self._remove(owner, kept[-1])
            while len(self._entries) > VISITORS:
                self.clear(next(iter(self._entries)))

    def entries(self, owner: str) -> list[Entry]:
        limit = time.time() - self.keeping.seconds
        with self._lock:
            for entry in [entry for entry in self._entries.get(owner, ()) if entry.used_at < limit]:
                self._remove(owner, entry)
            return list(self._entries.get(owner, ()))

    def get(self, owner: str, id: object) -> Entry | None:
        return next((entry for entry in self.entries(owner) if entry.id == id), None)

    def of_pass(self, owner: str | None, token: str | None) -> Entry | None:
        """The entry whose pass is kept under `token`."""
        if owner is None or token is None:
            return None
        return next((entry for entry in self.entries(owner) if entry.token == token), None)

    def delete(self, owner: str, id: object) -> None:
        with self._lock:
            if entry := self.get(owner, id):
                self._remove(owner, entry)

    def clear(self, owner: str) -> None:
        with self._lock:
            for entry in list(self._entries.get(owner, ())):
                self._remove(owner, entry)

    def _remove(self, owner: str, entry: Entry) -> None:
        left = [other for other in self._entries[owner] if other is not entry]
        if left:
            self._entries[owner][:] = left
        else:
            del self._entries[owner]
        self._results.drop(entry.token)
        self._results.uploads.release(entry.source)
        for file in entry.files - {entry.source}:
            discard(file)


def refresh(entry: Entry) -> None:
    """The retention time of an entry begins anew."""
    entry.used_at = time.time()
    for file in {entry.source, *entry.files}:
        with suppress(OSError):
            os.utime(file)


def _bytes(entry: Entry) -> int:
    files = map(Path, {entry.source, *entry.files})
    return sum(file.stat().st_size for file in files if file.is_file())
