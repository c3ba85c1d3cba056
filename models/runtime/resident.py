"""One model held for the life of the process: load once, lock, state, readiness."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Generic, Literal, TypeVar

from models.catalog import CATALOG, DEFAULT_VARIANT, Family, Model
from models.errors import BadField, NotReady, PrewarmError
from models.runtime.fair_queue import ModelQueue, Waiter
from models.runtime.workspace import Workspace

P = TypeVar("P")
R = TypeVar("R")
State = Literal["pending", "fetching", "loading", "warming", "ready", "failed"]
STAGES: tuple[State, ...] = ("fetching", "loading", "warming")
RETRY_SECONDS = 30.0  # a model that failed is tried again by the first request after this pause
LATENCIES_KEPT = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """What page, `/readyz` and `/metrics` show of one set of weights.

    `seconds` is by stage, `memory_mb` what loading added to the process, `start_ratio` how many times the usual the
    start took, where there is a usual.
    """

    key: str
    model_id: str
    licence: str
    state: State = "pending"
    bytes_done: int = 0
    bytes_total: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    source: str | None = None
    revision: str | None = None
    engine: str | None = None
    precision: str | None = None
    memory_mb: float | None = None
    start_ratio: float | None = None
    slow_start: bool = False
    error: str | None = None
    served: int = 0
    first_seconds: float | None = None
    median_seconds: float | None = None

    @property
    def progress(self) -> str:
        """The state in words, with whole tenths of a download."""
        if self.state == "fetching" and self.bytes_total:
            return f"fetching {10 * (10 * self.bytes_done // self.bytes_total)} % of {self.bytes_total / 1e6:.0f} MB"
        return self.state


@dataclass(frozen=True)
class Answer(Generic[R]):
    """What one piece of work returned: where its weights came from, seconds in the queue and in the model."""

    value: R
    status: Status
    queue: float
    forward: float


class Slot(Generic[P]):
    """One set of weights of a resident, loaded at most once at a time; `report` is how the loader tells its state."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.status = Status(model.key, model.id, model.licence)
        self._pipeline: P | None = None
        self._error: PrewarmError | None = None
        self._failed_at = 0.0
        self._lock = threading.Lock()
        self._telling = threading.RLock()
        self._latencies: deque[float] = deque(maxlen=LATENCIES_KEPT)

    @property
    def is_ready(self) -> bool:
        return self.status.state == "ready"

    @property
    def error(self) -> PrewarmError | None:
        """Why the last load failed."""
        return self._error

    def load(self, build: Callable[["Slot[P]"], P]) -> P:
        """The pipeline, built by the first caller while the others wait. A failure is remembered for RETRY_SECONDS."""
        with self._lock:
            if self._pipeline is not None:
                return self._pipeline
            if self._error and time.monotonic() - self._failed_at < RETRY_SECONDS:
                raise self._error
            return self._build(build)

    def _build(self, build: Callable[["Slot[P]"], P]) -> P:
        try:
            pipeline = build(self)
        except PrewarmError as error:
            raise self._fail(error) from error
        # The edge of a load: whatever a damaged file makes an engine raise fails this model alone.
        except Exception as error:
            log.exception("%s could not be loaded", self.model.key)
            raise self._fail(NotReady(f"{self.model.key} could not be loaded.", reason="load_failed")) from error
        self._pipeline, self._error = pipeline, None
        self.report(state="ready", error=None)
        log.info("%s ready from %s in %.2f s", self.model.key, self.status.source, sum(self.status.seconds.values()))
        return pipeline

    def _fail(self, error: PrewarmError) -> PrewarmError:
        self._error, self._failed_at = error, time.monotonic()
        self.report(state="failed", error=str(error))
        log.error("%s failed: %s", self.model.key, error)
        return error

    def report(self, **changes: object) -> None:
        with self._telling:
            self.status = replace(self.status, **changes)  # type: ignore[arg-type]

    @contextmanager
    def stage(self, state: State) -> Iterator[None]:
        """Show `state` while the block runs and keep its seconds."""
        self.report(state=state)
        start = time.perf_counter()
        yield
        self.report(seconds={**self.status.seconds, state: time.perf_counter() - start})

    def count(self, seconds: float) -> None:
        with self._telling:
            self._latencies.append(seconds)
            self.report(
                served=self.status.served + 1,
                first_seconds=seconds if self.status.first_seconds is None else self.status.first_seconds,
                median_seconds=median(self._latencies),
            )


class Resident(Generic[P]):
    """The one holder of a family's models in this process. Every door goes through `run`, so its bound always holds."""

    def __init__(self, family: Family, *, queue: ModelQueue | None = None, workspace: Workspace | None = None) -> None:
        self.family: Family = family
        self.queue = queue or ModelQueue()
        self.workspace = workspace or Workspace()
        self.slots: dict[str, Slot[P]] = {variant: Slot(model) for variant, model in CATALOG[family].items()}
        self.default = DEFAULT_VARIANT[family]
        self._build: Callable[[Slot[P]], P] | None = None

    def configure(self, build: Callable[[Slot[P]], P]) -> None:
        """Say how a slot's pipeline is made. Done once, before anything is loaded."""
        self._build = build

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

    def load(self, variant: str | None = None) -> P:
        if self._build is None:
            raise NotReady(f"{self.family} was not preloaded.", reason="not_preloaded", task=self.family)
        return self.slot(variant).load(self._build)

    def await_ready(self, variant: str | None = None, patience: float | None = None) -> None:
        """Have a model loaded, at most `patience` seconds long. Raises NotReady, or what loading it raised."""
        slot = self.slot(variant)
        if slot.is_ready:
            return
        loader = threading.Thread(target=self._try_load, args=(variant,), daemon=True, name=f"load-{slot.model.key}")
        loader.start()
        loader.join(patience)
        if slot.error is None and not slot.is_ready:
            message = f"{slot.model.key} is {slot.status.progress}; try again in a moment."
            raise NotReady(message, reason="not_ready", task=self.family)
        if slot.error is not None:
            raise slot.error

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
        with self.queue.enter(visitor, background=background, waiter=waiter) as ticket:
            started = time.perf_counter()
            value = work(pipeline)
            seconds = time.perf_counter() - started - ticket.aside_seconds
            slot.count(seconds)
        return Answer(value, slot.status, queue=started - arrived + ticket.aside_seconds, forward=seconds)
