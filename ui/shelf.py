"""Results of model passes, kept so that a slider needs no second pass."""

import threading
import uuid
from collections import OrderedDict
from dataclasses import fields, is_dataclass
from typing import Any

LIMIT_BYTES = 1 << 30


class Shelf:
    """Keeps results by token; the longest unused are forgotten when all together exceed `limit` bytes.

    The page holds only tokens, so that many visitors with large photos cannot fill the memory.
    """

    def __init__(self, limit: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def put(self, result: Any) -> str:
        """Keep a dataclass; its size is that of its arrays."""
        token = uuid.uuid4().hex
        with self._lock:
            self._kept[token] = (result, _size(result))
            while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)
        return token

    def get(self, token: str | None) -> Any | None:
        with self._lock:
            if token is None or token not in self._kept:
                return None
            self._kept.move_to_end(token)
            return self._kept[token][0]

    def drop(self, token: str | None) -> None:
        with self._lock:
            self._kept.pop(token or "", None)


def _size(result: Any) -> int:
    values = [getattr(result, field.name) for field in fields(result)]
    return sum(_size(value) if is_dataclass(value) else getattr(value, "nbytes", 0) for value in values)
