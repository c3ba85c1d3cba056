"""Trying again what failed, with pauses that grow, until it succeeds or there is no more point."""

import time
from collections.abc import Callable, Iterator

# From begin to begin of a try. The longest leaves time for the load itself: a minute after its cause is gone, a
# failure is over.
PAUSES = (10.0, 20.0, 40.0, 50.0)
LEAST_SECONDS = 5.0  # between the end of a long try and the next one


def until_done(
    attempt: Callable[[], bool],
    *,
    wait: Callable[[float], object],
    now: Callable[[], float] = time.monotonic,
) -> bool:
    """Call `attempt`, which failed just now, again and again; True once it succeeds. `wait` sleeps so many seconds and
    says whether to give up."""
    began = now()
    for pause in _pauses():
        if wait(max(LEAST_SECONDS, began + pause - now())):
            return False
        began = now()
        if attempt():
            return True
    raise AssertionError("the pauses never end")


def _pauses() -> Iterator[float]:
    yield from PAUSES
    while True:
        yield PAUSES[-1]
