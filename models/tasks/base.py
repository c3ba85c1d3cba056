"""What every task has: options, a model pass over a file, a finish that needs no model, a file for the result."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

from models.catalog import Family
from models.media.file_types import Family as MediaFamily
from models.media.sources import Source
from models.runtime.resident import Resident, Status
from models.runtime.waiter import Waiter
from models.tasks.options import options_of

Options = TypeVar("Options")
Input = TypeVar("Input")  # what is decoded
Pass = TypeVar("Pass")  # what the model made of it; a finish may be made of one many times
Result = TypeVar("Result")
Stage = Literal["decode", "queue", "forward", "finish", "encode"]
STAGES: tuple[Stage, ...] = ("decode", "queue", "forward", "finish", "encode")

PATIENCE_SECONDS = 60.0  # how long a request waits for the memory that others' files take
MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".json": "application/json"}


@dataclass(frozen=True)
class File:
    """A result as a file: its bytes, what it is (`cartoon.png`), and facts about it by name, for programs."""

    content: bytes
    name: str
    facts: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[Path(self.name).suffix]


@dataclass
class Call:
    """One request: who asks (`visitor`, for a fair queue; `background` lets clicks go first; `waiter` may leave), what
    it took by stage, what its model was, and which results of it stay. A model that is not ready is waited for, at most
    `patience` seconds."""

    visitor: str = ""
    background: bool = False
    patience: float | None = None
    waiter: Waiter = field(default_factory=Waiter)
    seconds: dict[str, float] = field(default_factory=dict)
    status: Status | None = None
    kept: list[Any] = field(default_factory=list)

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Count the block's seconds as those of a stage."""
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


class Task(ABC, Generic[Options, Input, Pass, Result]):
    """The declaration. `name` is that of route, command and endpoint, `family` whose model works, `source` the field
    of the file, `result` what its name ends in, `options` the dataclass of its options, `doc` one sentence."""

    name: ClassVar[str]
    family: ClassVar[Family]
    source: ClassVar[Literal["image", "audio"]]
    result: ClassVar[str]
    doc: ClassVar[str]
    options: type[Options]

    @abstractmethod
    def variant(self, options: Options) -> str | None:
        """Which of the family's models; None for its default."""

    @abstractmethod
    def decoding_bytes(self, source: Source, options: Options) -> int:
        """Memory that decoding takes at most. Raises what decoding would, where the header tells."""

    @abstractmethod
    def decode(self, source: Source, options: Options) -> Input:
        """The file as arrays. Raises BadImage, BadAudio, TooLarge or WrongKind."""

    @abstractmethod
    def working_bytes(self, decoded: Input, options: Options) -> int:
        """Memory that the rest takes at most, the arrays themselves included."""

    def finishing_bytes(self, passed: Pass, options: Options) -> int:
        """Memory that finishing a pass once more takes at most, besides the pass itself."""
        return 0

    @abstractmethod
    def forward(self, pipeline: Any, decoded: Input, options: Options) -> Pass:
        """The model pass."""

    @abstractmethod
    def finish(self, passed: Pass, options: Options) -> Result:
        """The result of a pass as the options say. No model."""

    @abstractmethod
    def file_name(self, options: Options) -> str:
        """What the file of the result will be called."""

    @abstractmethod
    def encode(self, result: Result, options: Options) -> File:
        """The result as a file."""

    @property
    def media(self) -> MediaFamily:
        """What its source is, as `models.media.file_types` calls it."""
        return "picture" if self.source == "image" else "recording"

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        """Names of what there is to say about the result; none is good."""
        return ()

    @contextmanager
    def run(self, source: Source, options: Options, *, resident: Resident[Any], call: Call) -> Iterator[Pass]:
        """The model pass over a file, within the bounds on memory, cores and waiting, for the length of the block: what
        is finished in it is within them too."""
        resident.await_ready(self.variant(options), call.patience)
        workspace, patience = resident.workspace, None if call.background else PATIENCE_SECONDS
        with ExitStack() as held:
            with workspace.decoding, call.stage("decode"):
                size = self.decoding_bytes(source, options)
            with call.stage("queue"):
                room = held.enter_context(workspace.memory.hold(size, patience=patience))
            with workspace.decoding, call.stage("decode"):
                decoded = self.decode(source, options)
            room.resize(self.working_bytes(decoded, options))
            answer = resident.run(
                lambda pipeline: self.forward(pipeline, decoded, options),
                variant=self.variant(options),
                visitor=call.visitor,
                background=call.background,
                waiter=call.waiter,
            )
            call.status = answer.status
            call.seconds["queue"] += answer.queue
            call.seconds["forward"] = answer.forward
            yield answer.value

    @contextmanager
    def anew(self, passed: Pass, options: Options, *, resident: Resident[Any]) -> Iterator[None]:
        """The bounds for finishing a kept pass once more, for the length of the block."""
        size = self.finishing_bytes(passed, options)
        with resident.workspace.memory.hold(size, patience=PATIENCE_SECONDS), resident.workspace.finishing:
            yield

    def file(self, passed: Pass, options: Options, *, resident: Resident[Any], call: Call) -> File:
        """A pass, finished and encoded; to be called within `run`, or with a memory of its own held."""
        with ExitStack() as held:
            with call.stage("queue"):
                held.enter_context(resident.workspace.finishing)
            with call.stage("finish"):
                result = self.finish(passed, options)
            with call.stage("encode"):
                file = self.encode(result, options)
        return self.kept(file, options, resident=resident, call=call)

    def kept(self, file: File, options: Options, *, resident: Resident[Any], call: Call) -> File:
        """A result that somebody gets: it stays in the folder of outputs, once, where there is that folder."""
        outputs, made = resident.workspace.outputs, (file.name, options)
        if outputs and made not in call.kept:
            call.kept.append(made)
            path, facts = Path(file.name), told(options, call)
            outputs.keep(self.name, file.content, suffix=path.suffix, facts={"result": path.stem, **facts})
        return file

    def answer(self, source: Source, options: Options, *, resident: Resident[Any], call: Call) -> File:
        """From one file to the file of its result."""
        with self.run(source, options, resident=resident, call=call) as passed:
            return self.file(passed, options, resident=resident, call=call)


def told(options: Any, call: Call) -> dict[str, Any]:
    """The parameters of a result as JSON has them; of a file among the options only whether there was one."""
    given = {option.name: getattr(options, option.name) for option in options_of(type(options))}
    files = {option.name for option in options_of(type(options)) if option.kind == "file"}
    status = call.status
    return {
        "options": {name: value is not None if name in files else value for name, value in given.items()},
        "model": status and status.key,
        "source": status and status.source,
        "revision": status and status.revision,
        "seconds": {stage: round(seconds, 4) for stage, seconds in call.seconds.items()},
    }


AnyTask = Task[Any, Any, Any, Any]
