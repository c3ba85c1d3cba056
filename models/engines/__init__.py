"""The engines that can run a model: siblings of one shape, chosen by name, imported only when chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np

from models.engines.shared_sessions import SharedSessions

T = TypeVar("T")
Precision = Literal["f32", "bf16", "f16", "int8"]
PRECISIONS: tuple[Precision, ...] = ("f32", "bf16")  # those of every model

OURS = {
    "cartoon": "models.cartoon:Cartoon",
    "matting": "models.matting:Matting",
    "emotion": "models.emotion:Emotion",
}
# Pipeline classes by engine and task. `openvino` (CPU) and `torch` (GPU) run our own pre- and postprocessing around
# their sessions; `reference` is the stock pipeline, which keeps its own.
ENGINES = {
    "openvino": OURS,
    "torch": OURS,
    "reference": {
        "cartoon": "models.reference:Cartoon",
        "matting": "models.reference:Matting",
        "emotion": "models.reference:Emotion",
    },
}


@dataclass(frozen=True)
class Compute:
    """How a network is run: number format, CPU threads, and the folder where artifacts of this model are kept.

    In int8 are its matrices alone; the rest is in the best format of the CPU.
    `streams` passes may run at once, each on its share of the threads. `aside` is called between the steps of long
    work, with the part that is done, to let others go first. Within `stoppable`, the function it is given may be
    called by another thread, to end the step: nobody waits for it any more. `digests` are the sha256 of the model's
    files by name, as far as they are known: equal files share one of the `sessions`. `engine` and `device` say who runs
    it, and where; `device_memory`, in MB, how much of a GPU this process may take, 0: all.
    """

    precision: Precision
    threads: int
    artifacts: Path
    aside: Callable[[float], None] = lambda done: None
    stoppable: Callable[[Callable[[], None]], AbstractContextManager[None]] = lambda stop: nullcontext()
    streams: int = 1
    digests: Mapping[str, str] = field(default_factory=dict)
    sessions: SharedSessions = field(default_factory=SharedSessions)
    engine: str = "openvino"
    device: str = "cpu"
    device_memory: int = 0

    def in_turns(self, steps: Sequence[T]) -> Iterator[T]:
        """The steps of long work; between two of them others go first."""
        for number, step in enumerate(steps):
            if number:
                self.aside(number / len(steps))
            yield step

    def in_groups(self, steps: Sequence[T], size: int) -> Iterator[Sequence[T]]:
        """The same, `size` steps at a time."""
        return self.in_turns([steps[first : first + size] for first in range(0, len(steps), size)])


class Session(Protocol):
    """One network on one device. Threads may call `run` at once."""

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out; the caller owns what it gets."""

    def run_all(self, several: Sequence[Mapping[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
        """The same for several inputs, in order; on a GPU those of one shape go as one batch."""

    def together(self, values: int) -> int:
        """How many inputs of so many numbers are best given to `run_all` at once."""

    def release_memory(self) -> None:
        """Give back what the last pass took, once nobody uses the network."""


def open_session(
    path: Path,
    *,
    compute: Compute,
    precision: Precision | None = None,
    constants: Mapping[str, bool] | None = None,
    fixed: bool = False,
) -> Session:
    """The network file at `path`, run by the engine of `compute`; files that are known to be equal have one together.
    `precision` and `constants` as the engines say; `fixed` where all inputs are of one shape."""
    engine = {"torch": "models.engines.torch.session"}.get(compute.engine, "models.engines.openvino")
    opened = import_module(engine).Session
    make: Callable[[], Session] = partial(
        opened, path, compute=compute, precision=precision, constants=constants or {}, fixed=fixed
    )
    digest = compute.digests.get(path.name)
    if digest is None:
        return make()
    how = precision or compute.precision, compute.threads, compute.streams, compute.device
    return compute.sessions.get((engine, digest, *how, *sorted((constants or {}).items())), make)


def pipeline_class(engine: str, task: str) -> Any:
    """The class named in ENGINES; called as `Class(folder, compute=...)`."""
    module, name = ENGINES[engine][task].split(":")
    return getattr(import_module(module), name)


def precision_of(task: str, chosen: str, *, device: str = "cpu", engine: str = "openvino") -> Precision:
    """What a model is computed in: `auto` is the best of the CPU, and so are bf16 and, for models other than
    Emotion2Vec, int8. On GPUs `auto` is f16; torch's own CPU device, which is there for checks, and the stock pipelines
    take f32."""
    if engine == "reference" or (engine == "torch" and chosen == "auto" and device == "cpu"):
        return "f32"
    if engine == "torch" and chosen == "auto":
        return "f16"
    if chosen == "auto" or (chosen == "int8" and task != "emotion") or (chosen == "bf16" and engine == "openvino"):
        return best_precision()
    return chosen  # type: ignore[return-value]


def best_precision() -> Precision:
    """bf16 where the processor multiplies it natively (AVX512-BF16, AMX), else f32."""
    from models.engines.openvino import cpu_capabilities

    return "bf16" if "BF16" in cpu_capabilities() else "f32"
