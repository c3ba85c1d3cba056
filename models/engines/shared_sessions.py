"""Networks of equal content are loaded once, whatever folders their files lie in."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import TypeVar
from weakref import WeakValueDictionary

S = TypeVar("S")


class SharedSessions:
    """The sessions in use, by content and options. One that nobody holds any more is forgotten."""

    def __init__(self) -> None:
        self._sessions: WeakValueDictionary[Hashable, object] = WeakValueDictionary()
        self._lock = RLock()  # what is made may share parts of its own

    def get(self, key: Hashable, make: Callable[[], S]) -> S:
        """The session kept under `key`, else the one that `make` gives."""
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                session = self._sessions[key] = make()
            return session  # type: ignore[return-value]
