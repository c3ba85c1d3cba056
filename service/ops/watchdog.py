"""Notices an inference that never ends. The process cannot heal itself then; whoever started it can."""

import time
from typing import Any

from models.runtime.resident import Resident

STUCK_SECONDS = 1800.0  # an hour of sound in f32 on two cores takes a third of it


class Watchdog:
    """Looks at one resident again and again: somebody is inside, and nobody came out since."""

    def __init__(self, resident: Resident[Any]) -> None:
        self._resident = resident
        self._seen = (0, 0)
        self._since = 0.0

    def look(self) -> None:
        """Note whether anything changed since the last look."""
        served = sum(slot.status.served for slot in self._resident.slots.values())
        now = (served, self._resident.queue.running)
        if now != self._seen:
            self._seen, self._since = now, time.monotonic()

    def is_stuck(self) -> bool:
        return self._seen[1] > 0 and time.monotonic() - self._since > STUCK_SECONDS
