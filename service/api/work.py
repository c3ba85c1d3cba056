"""One request's work from bytes to bytes, in a thread: decode → queue → forward → finish → encode."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np

from models.finish.background import Colour, Gradient
from models.finish.blend import RESOLUTION_RANGE, blend
from models.finish.cutout import composite, refine
from models.finish.emotion_report import Granularity, report
from models.finish.foreground import foreground
from models.media import audio, images
from models.runtime.fair_queue import Waiter
from models.runtime.memory_budget import MemoryBudget
from models.runtime.resident import Resident, Status

R = TypeVar("R")
Stage = Literal["decode", "queue", "forward", "finish", "encode"]
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True)
class Cartooned:
    """Fields of a cartoon, checked."""

    style: str
    strength: float
    resolution: int
    format: images.Format
    quality: int


@dataclass(frozen=True)
class Cut:
    """Fields of a cut-out, checked; `behind` is the encoded picture for the background `image`."""

    kind: str
    background: Colour | Gradient | Literal["image"] | None
    behind: bytes
    alpha_threshold: int
    erode: int
    feather: bool
    clean_edge: bool
    output: Literal["cutout", "alpha"]
    format: images.Format
    quality: int


@dataclass(frozen=True)
class Heard:
    """Fields of an emotion, checked."""

    granularity: Granularity
    embedding: bool


@dataclass(frozen=True)
class Done:
    """What goes back."""

    content: bytes
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workshop:
    """What all jobs share: the right to decode, to finish and encode, and the room for what was decoded. More threads
    than cores at once would make nothing faster, and probes wait."""

    decoding: threading.Semaphore
    finishing: threading.Semaphore
    memory: MemoryBudget


@dataclass
class Job:
    """One request, or one file of a job, inside the server. `seconds` fills stage by stage."""

    resident: Resident[Any]
    visitor: str
    workshop: Workshop
    waiter: Waiter = field(default_factory=Waiter)
    background: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    status: Status | None = None

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    @contextmanager
    def decoded(self, decode: Callable[[], list[np.ndarray]]) -> Iterator[list[np.ndarray]]:
        """The arrays of an upload for the length of the block. While the memory is spent, nobody else decodes."""
        with ExitStack() as held:
            with self.workshop.decoding:
                with self.stage("decode"):
                    arrays = decode()
                with self.stage("queue"):
                    held.enter_context(self.workshop.memory.hold(sum(array.nbytes for array in arrays)))
            yield arrays

    @contextmanager
    def finishing(self) -> Iterator[None]:
        with ExitStack() as held:
            with self.stage("queue"):
                held.enter_context(self.workshop.finishing)
            yield

    def run(self, work: Callable[[Any], R], variant: str | None = None) -> R:
        """`work` with the pipeline, unless the client has left before its turn."""
        answer = self.resident.run(
            work,
            variant=variant,
            visitor=self.visitor,
            wait=False,
            background=self.background,
            waiter=self.waiter,
        )
        self.status = answer.status
        self.seconds["queue"] += answer.queue
        self.seconds["forward"] = answer.forward
        return answer.value


def cartoon(job: Job, data: bytes, options: Cartooned) -> Done:
    with job.decoded(lambda: [images.shrink(images.decode(data), RESOLUTION_RANGE[1])]) as (photo,):
        drawn = job.run(lambda pipeline: pipeline.stylize([photo])[0], options.style)
        with job.finishing():
            with job.stage("finish"):
                image = images.shrink(blend(photo, drawn.image, strength=options.strength), options.resolution)
            with job.stage("encode"):
                content = images.encode(image, options.format, options.quality)
    return Done(content, MEDIA_TYPES[options.format], {"X-Faces": str(len(drawn.faces))})


def matting(job: Job, data: bytes, options: Cut) -> Done:
    sent = [data, options.behind] if options.background == "image" else [data]
    with job.decoded(lambda: [images.decode(each) for each in sent]) as (photo, *behind):
        background = behind[0] if options.background == "image" else options.background
        matte = job.run(lambda pipeline: pipeline.matte([photo])[0], options.kind)
        with job.finishing():
            with job.stage("finish"):
                alpha = refine(
                    matte, alpha_threshold=options.alpha_threshold, erode=options.erode, feather=options.feather
                )
                image = (
                    alpha if options.output == "alpha" else composite(front(photo, matte, options), alpha, background)
                )
            with job.stage("encode"):
                content = images.encode(image, options.format, options.quality)
    return Done(content, MEDIA_TYPES[options.format])


def front(photo: np.ndarray, matte: np.ndarray, options: Cut) -> np.ndarray:
    return foreground(photo, matte) if options.clean_edge else photo


def emotion(job: Job, data: bytes, options: Heard) -> Done:
    with job.decoded(lambda: [audio.decode(data)]) as (waveform,):
        analysis = job.run(lambda pipeline: pipeline.analyze([waveform])[0])
        with job.finishing():
            with job.stage("finish"):
                result = report(analysis, granularity=options.granularity, embedding=options.embedding)
            with job.stage("encode"):
                content = json.dumps(result, ensure_ascii=False, allow_nan=False).encode()
    return Done(content, "application/json")
