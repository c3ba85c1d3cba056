"""Results of model passes, kept so that a slider needs no second pass, and the uploads they were made of."""

import threading
import time
import uuid
from collections import Counter, OrderedDict
from dataclasses import dataclass, is_dataclass
from typing import Any

from settings import HISTORY, RETENTION_MINUTES
from ui.state.files import discard

LIMIT_BYTES = 256 << 20
SWEEP_SECONDS = 60.0


@dataclass(frozen=True)
class Keeping:
    """How long after its last use anything of a visitor is kept, how many earlier results of a tab,
    and whether results stay in the folder of outputs besides."""

    minutes: float = RETENTION_MINUTES
    history: int = HISTORY
    outputs: bool = False

    @property
    def seconds(self) -> float:
        return 60 * self.minutes


USUAL = Keeping()


class Uploads:
    """Removes an uploaded file when the last one who held it lets it go: Gradio keeps equal files as one, whoever sent
    them and into whichever tab."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def hold(self, path: str) -> None:
        with self._lock:
            self._held[path] += 1

    def release(self, path: str) -> None:
        with self._lock:
            self._held[path] -= 1
            if self._held[path] <= 0:
                del self._held[path]
                discard(path)


class ResultCache:
    """Keeps results by token; the longest unused are forgotten when all together exceed `limit` bytes, or when nobody
    used them for the retention time. `uploads` are the files they were made of.

    The page holds only tokens, so that many visitors with large photos cannot fill the memory.
    """

    def __init__(self, limit: int = LIMIT_BYTES, *, keeping: Keeping = USUAL) -> None:
        self.uploads, self.keeping = Uploads(), keeping
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._used: dict[str, float] = {}
        self._sweeper: threading.Timer | None = None

    def put(self, result: Any) -> str:
        """Keep a dataclass; its size is that of its arrays."""
        token = uuid.uuid4().hex
        with self._lock:
            self._kept[token] = (result, _size(result))
            self._used[token] = time.monotonic()
            while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._limit:
                self._forget(next(iter(self._kept)))
            self._sweep_later()
        return token

    def get(self, token: str | None) -> Any | None:
        with self._lock:
            if token is None or token not in self._kept:
                return None
            self._kept.move_to_end(token)
            self._used[token] = time.monotonic()
            return self._kept[token][0]

    def drop(self, token: str | None) -> None:
        with self._lock:
            self._forget(token or "")

    def sweep(self) -> None:
        """Forget what nobody used for the retention time."""
        with self._lock:
            limit = time.monotonic() - self.keeping.seconds
            for token in [token for token, used in self._used.items() if used < limit]:
                self._forget(token)
            self._sweeper = None
            self._sweep_later()

    def _sweep_later(self) -> None:
        if self._kept and self._sweeper is None:
            self._sweeper = threading.Timer(SWEEP_SECONDS, self.sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _forget(self, token: str) -> None:
        self._kept.pop(token, None)
        self._used.pop(token, None)


def _size(result: Any) -> int:
    values = vars(result).values()  # with what a pass has calculated since
    return sum(_size(value) if is_dataclass(value) else getattr(value, "nbytes", 0) for value in values)
