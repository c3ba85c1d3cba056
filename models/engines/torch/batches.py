"""One device works on one batch at a time: what arrives meanwhile gathers, and goes on by the order of its arrival.

Inputs of one shape for one network go together when the batch before them ends. Nobody waits for company: an input that
finds the device idle goes at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from models.engines.torch.failures import halved
from models.errors import PrewarmError

Tensors = tuple[Tensor, ...]
Forward = Callable[[Sequence[Tensors]], list[Tensors]]
Stoppable = Callable[[Callable[[], None]], AbstractContextManager[None]]


class Stopped(RuntimeError):
    """Nobody waits for the answer any more."""


@dataclass(eq=False)
class Call:
    """One input of `forward`, which takes `most` of its size together. It is over with what was made, or an error."""

    forward: Forward
    given: Tensors
    most: int
    has_begun: bool = False
    made: Tensors | None = None
    error: BaseException | None = None

    @property
    def kind(self) -> Hashable:
        """Calls of one kind can go together."""
        return self.forward, *((tensor.shape, tensor.dtype) for tensor in self.given)

    @property
    def is_over(self) -> bool:
        return self.made is not None or self.error is not None


def executed(forward: Forward, several: Sequence[Tensors]) -> list[Tensors]:
    """Inputs of one shape through a network, as one; what the device made lies there when this returns."""
    with torch.inference_mode():
        made = forward(several)
    if (device := several[0][0].device).type == "cuda":
        torch.cuda.current_stream(device).synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()
    return made


def _taken_error(calls: Sequence[Call]) -> BaseException:
    """The first one. The calls keep none: what is raised keeps them, and tensors with them, until it is forgotten."""
    found = next(call.error for call in calls if call.error)
    for call in calls:
        call.error = None
    return found


class Batches:
    """The turns of one device, for every network on it. Whoever waits for an answer works off what is next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Call] = []
        self._is_busy = False

    def run(self, forward: Forward, several: Sequence[Tensors], *, most: int, stoppable: Stoppable) -> list[Tensors]:
        """What `forward` makes of each, in order. Raises what a batch of theirs raised, and Stopped where they were
        stopped before they began."""
        calls = [Call(forward, given, most) for given in several]
        with stoppable(partial(self._withdraw, calls)):
            try:
                self._append(calls)
                while batch := self._next(calls):
                    self._work_off(batch)
            finally:
                self._withdraw(calls)
        if any(call.error for call in calls):
            raise _taken_error(calls)
        return [call.made for call in calls if call.made is not None]

    def _append(self, calls: Sequence[Call]) -> None:
        with self._changed:
            self._waiting += [call for call in calls if not call.is_over]

    def _next(self, calls: Sequence[Call]) -> list[Call]:
        """The batch that the calling thread shall work off, its own or not; empty once `calls` are over."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_busy or all(call.is_over for call in calls))
            if all(call.is_over for call in calls):
                return []
            first = self._waiting[0]
            batch = [call for call in self._waiting if call.kind == first.kind][: first.most]
            for call in batch:
                call.has_begun = True
            self._waiting = [call for call in self._waiting if not call.has_begun]
            self._is_busy = True
            return batch

    def _work_off(self, batch: Sequence[Call]) -> None:
        try:
            device = str(batch[0].given[0].device)
            made = halved(partial(executed, batch[0].forward), [call.given for call in batch], device)
            for call, answer in zip(batch, made, strict=True):
                call.made, call.error = (None, answer) if isinstance(answer, PrewarmError) else (answer, None)
        except BaseException as error:  # raised again, to each whose input was among them
            for call in batch:
                call.error = error
        finally:
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _withdraw(self, calls: Sequence[Call]) -> None:
        """Those that have not begun: nobody works them off any more."""
        with self._changed:
            for call in calls:
                if not call.has_begun and not call.is_over:
                    call.error = Stopped("The input was taken back before the device had begun with it.")
            self._waiting = [call for call in self._waiting if not call.is_over]
            self._changed.notify_all()
