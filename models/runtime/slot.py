"""One set of weights for the life of the process: loaded once, tried again after a failure, its state told."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Generic, Literal, TypeVar

from models.catalog import Model
from models.errors import NotReady, PrewarmError

P = TypeVar("P")
State = Literal["pending", "fetching", "loading", "warming", "ready", "failed"]
STAGES: tuple[State, ...] = ("fetching", "loading", "warming")
ASK_SECONDS = 3.0  # whoever asks so soon after a failure is told of it; whoever asks later has it tried again
LATENCIES_KEPT = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """What page, `/readyz` and `/metrics` show of one set of weights.

    `wanted`: it is to be warm before anybody asks. `seconds` is by stage, `memory_mb` what loading added to the
    process, `device_memory_mb` to what it has on a GPU, `start_ratio` how many times the usual the start took, where
    there is a usual. `note` says why the model does not run where it was to.
    """

    key: str
    model_id: str
    licence: str
    wanted: bool = False
    state: State = "pending"
    bytes_done: int = 0
    bytes_total: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    source: str | None = None
    revision: str | None = None
    engine: str | None = None
    device: str | None = None
    precision: str | None = None
    note: str | None = None
    memory_mb: float | None = None
    device_memory_mb: float | None = None
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


class Slot(Generic[P]):
    """One set of weights of a resident, loaded at most once at a time; `report` is how the loader tells its state.

    `now` is a clock in seconds that never goes back.
    """

    def __init__(self, model: Model, *, wanted: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self.model = model
        self.status = Status(model.key, model.id, model.licence, wanted)
        self.failures = 0
        self._pipeline: P | None = None
        self._error: PrewarmError | None = None
        self._failed_at = 0.0
        self._traced = ""
        self._now = now
        self._lock = threading.Lock()
        self._telling = threading.RLock()
        self._latencies: deque[float] = deque(maxlen=LATENCIES_KEPT)

    @property
    def is_ready(self) -> bool:
        return self.status.state == "ready"

    @property
    def pipeline(self) -> P | None:
        """What is loaded; None where nothing is, which nobody waits for."""
        return self._pipeline

    @property
    def error(self) -> PrewarmError | None:
        """Why the last load failed; None while it is tried again."""
        return self._error

    def load(self, build: Callable[["Slot[P]"], P], *, again: bool = False) -> P:
        """The pipeline, built by the first caller while the others wait. A failure is told for ASK_SECONDS, then tried
        again by whoever asks; `again` tries at once."""
        with self._lock:
            if self._pipeline is not None:
                return self._pipeline
            if self._error and not again and self._now() - self._failed_at < ASK_SECONDS:
                raise self._error
            self._error = None
            return self._build(build)

    def drop(self, error: PrewarmError, pipeline: P | None = None) -> bool:
        """Let go of a pipeline that works no more: the model has failed until it is loaded again. False where there is
        none, or another than `pipeline` by now."""
        with self._lock:
            if self._pipeline is None or (pipeline is not None and pipeline is not self._pipeline):
                return False
            self._pipeline = None
            self._fail(error)
            return True

    def _build(self, build: Callable[["Slot[P]"], P]) -> P:
        try:
            pipeline = build(self)
        except PrewarmError as error:
            raise self._fail(error) from error
        # The edge of a load: whatever a damaged file makes an engine raise fails this model alone.
        except Exception as error:
            self._trace(error)
            raise self._fail(NotReady(f"{self.model.key} could not be loaded.", reason="load_failed")) from error
        self._pipeline = pipeline
        self.report(state="ready", error=None)
        log.info("%s ready from %s in %.2f s", self.model.key, self.status.source, sum(self.status.seconds.values()))
        return pipeline

    def _trace(self, error: Exception) -> None:
        """The traceback of an error, once: it is met again at every try."""
        if self._traced != repr(error):
            log.error("%s could not be loaded", self.model.key, exc_info=error)
        self._traced = repr(error)

    def _fail(self, error: PrewarmError) -> PrewarmError:
        self._error, self._failed_at, self.failures = error, self._now(), self.failures + 1
        if self.status.wanted:
            self.report(state="failed", error=str(error))
        else:  # told to whoever asked, and to nobody else
            self.report(state="pending", error=None, bytes_done=0, bytes_total=0, seconds={}, source=None)
        log.log(logging.ERROR if self.status.wanted else logging.INFO, "%s failed: %s", self.model.key, error)
        return error

    def report(self, **changes: object) -> None:
        """Change the status; what is new of its progress is logged, of a further try only what it has fetched."""
        with self._telling:
            before, self.status = self.status.progress, replace(self.status, **changes)  # type: ignore[arg-type]
            told = not self.failures or changes.get("bytes_done")
            if told and self.status.progress != before and self.status.state in STAGES:
                log.info("%s: %s", self.model.key, self.status.progress)

    @contextmanager
    def stage(self, state: State) -> Iterator[None]:
        """Show `state` while the block runs and keep its seconds."""
        self.report(state=state)
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self.report(seconds={**self.status.seconds, state: seconds})
        if self.failures:
            return
        if state == "warming":
            log.info("%s warmed up, answered in %.0f ms", self.model.key, 1000 * seconds)
        else:
            log.info("%s: %s took %.2f s", self.model.key, state, seconds)

    def count(self, seconds: float) -> None:
        with self._telling:
            self._latencies.append(seconds)
            self.report(
                served=self.status.served + 1,
                first_seconds=seconds if self.status.first_seconds is None else self.status.first_seconds,
                median_seconds=median(self._latencies),
            )
