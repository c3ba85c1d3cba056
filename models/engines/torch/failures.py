"""What a GPU refuses: memory, where half of a batch may find enough; or everything, once it is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from models.engines import device_memory
from models.errors import DeviceFull, DeviceLost, PrewarmError

T = TypeVar("T")
R = TypeVar("R")

FULL = "The GPU's memory does not suffice for this: try later, or a smaller picture or a shorter recording."
LOST = "The GPU works no more; the model is loaded again: try in a moment."

log = logging.getLogger(__name__)


def halved(run: Callable[[Sequence[T]], Sequence[R]], batch: Sequence[T], device: str) -> list[R | PrewarmError]:
    """What `run` makes of a batch, in its order; where the device has no memory for it, of both halves by themselves.
    What is too much even alone has DeviceFull in its place, and all have DeviceLost once nothing can be made."""
    try:
        return list(run_on(device, lambda: run(batch)))
    except (DeviceFull, DeviceLost) as error:
        if len(batch) == 1 or isinstance(error, DeviceLost):
            return [type(error)(error.message, reason=error.reason) for _ in batch]  # each one is raised by itself
    log.warning("%s has no memory for a batch of %d: in halves", device, len(batch))
    middle = len(batch) // 2
    return halved(run, batch[:middle], device) + halved(run, batch[middle:], device)


def run_on(device: str, work: Callable[[], R]) -> R:
    """What `work` gives. Raises DeviceFull or DeviceLost for what torch raises of a device."""
    try:
        return work()
    except RuntimeError as error:
        full, lost = _is_full(error), device_memory.is_lost(device)
        if not (full or lost):
            raise
        log.warning("%s: %s", device, str(error))  # in words: a log may keep what it is given
    # Not raised above: an error keeps the one before it, and that one every tensor of the pass that failed.
    device_memory.give_back(device)
    if lost:
        raise DeviceLost(LOST, reason="device_lost")
    raise DeviceFull(FULL, reason="device_full")


def _is_full(error: RuntimeError) -> bool:
    """Told by torch's allocator, by Metal's, or by a library that wanted room of its own."""
    told = str(error)
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in told or "ALLOC_FAILED" in told
