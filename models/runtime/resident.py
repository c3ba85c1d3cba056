"""One model held for the life of the process: load once, lock, state, readiness."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.catalog import CATALOG, DEFAULT_VARIANT, Family
from models.errors import BadField, DeviceLost, NotReady
from models.runtime.fair_queue import ModelQueue, Ticket
from models.runtime.slot import STAGES, Slot, State, Status
from models.runtime.waiter import Waiter
from models.runtime.workspace import Workspace

__all__ = ["STAGES", "Answer", "Resident", "Slot", "State", "Status"]

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Answer(Generic[R]):
    """What one piece of work returned: where its weights came from, seconds in the queue and in the model."""

    value: R
    status: Status
    queue: float
    forward: float


class Resident(Generic[P]):
    """The one holder of a family's models in this process. Every door goes through `run`, and what else uses a
    pipeline through `using`, so the bound always holds."""

    def __init__(self, family: Family, *, queue: ModelQueue | None = None, workspace: Workspace | None = None) -> None:
        self.family: Family = family
        self.queue = queue or ModelQueue()
        self.workspace = workspace or Workspace()
        self.default = DEFAULT_VARIANT[family]
        self.slots: dict[str, Slot[P]] = {
            variant: Slot(model, wanted=model.is_default) for variant, model in CATALOG[family].items()
        }
        self._build: Callable[[Slot[P]], P] | None = None
        self._lost: Callable[[Slot[P]], None] = lambda slot: None

    def configure(self, build: Callable[[Slot[P]], P], *, lost: Callable[[Slot[P]], None] = lambda slot: None) -> None:
        """Say how a slot's pipeline is made, and what is to be done when the device of one was lost. Done once, before
        anything is loaded."""
        self._build, self._lost = build, lost

    @property
    def status(self) -> Status:
        return self.slots[self.default].status

    def slot(self, variant: str | None = None) -> Slot[P]:
        try:
            return self.slots[variant or self.default]
        except KeyError:
            choices = ", ".join(self.slots)
            raise BadField(
                f"{self.family} has no variant '{variant}'; choose one of {choices}.",
                reason="unknown_variant",
                value=str(variant)[:40],
                choices=choices,
            ) from None

    def load(self, variant: str | None = None, *, again: bool = False) -> P:
        """The pipeline; `again` tries at once what has just failed."""
        if self._build is None:
            raise NotReady(f"{self.family} was not preloaded.", reason="not_preloaded", task=self.family)
        return self.slot(variant).load(self._build, again=again)

    def await_ready(self, variant: str | None = None, patience: float | None = None) -> None:
        """Have a model loaded, at most `patience` seconds long. Raises NotReady, or what loading it raised."""
        slot = self.slot(variant)
        if slot.is_ready:
            return
        loader = threading.Thread(target=self._try_load, args=(variant,), daemon=True, name=f"load-{slot.model.key}")
        loader.start()
        loader.join(patience)
        if slot.error is not None:
            raise slot.error
        if not slot.is_ready:
            message = f"{slot.model.key} is {slot.status.progress}; try again in a moment."
            raise NotReady(message, reason="not_ready", task=self.family)

    def _try_load(self, variant: str | None) -> None:
        # A failure is told by the slot: its state, its error, the log.
        with suppress(Exception):
            self.load(variant)

    def run(
        self,
        work: Callable[[P], R],
        *,
        variant: str | None = None,
        visitor: str = "",
        background: bool = False,
        waiter: Waiter | None = None,
    ) -> Answer[R]:
        """Do `work` with the pipeline, inside the bound. Loads a variant on first use. Raises Busy when too many wait
        already; `visitor`, `background` and `waiter` are the queue's."""
        slot, pipeline = self.slot(variant), self.load(variant)
        arrived = time.perf_counter()
        with self.using(slot, pipeline, visitor=visitor, background=background, waiter=waiter) as ticket:
            started = time.perf_counter()
            value = work(pipeline)
            seconds = time.perf_counter() - started - ticket.aside_seconds
            slot.count(seconds)
        return Answer(value, slot.status, queue=started - arrived + ticket.aside_seconds, forward=seconds)

    @contextmanager
    def using(
        self,
        slot: Slot[P],
        pipeline: P,
        *,
        visitor: str = "",
        background: bool = False,
        waiter: Waiter | None = None,
    ) -> Iterator[Ticket]:
        """Inside the bound for the length of the block, which uses a slot's pipeline: a pass that is no request of its
        own is neither counted nor loaded for. A pipeline whose device was lost meanwhile is let go of."""
        with self.queue.enter(visitor, background=background, waiter=waiter) as ticket:
            try:
                yield ticket
            except DeviceLost as error:
                if slot.drop(error, pipeline):
                    self._lost(slot)
                raise
