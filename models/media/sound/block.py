"""A piece of a recording, as every reader gives it."""

from typing import NamedTuple

import numpy as np

NOTHING = np.zeros(0, np.float32)


class Block(NamedTuple):
    """float32 [n] mono 16 kHz, silence where it could not be read; and the seconds that the file announces behind it
    but does not hold, NaN where it only lacks its end mark."""

    samples: np.ndarray
    was_read: bool = True
    missing_seconds: float = 0.0
