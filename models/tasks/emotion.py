"""Recording → emotion."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.emotion import Emotion
from models.finish.emotion_report import Analysis, Granularity, report
from models.media import audio
from models.media.audio import Recording
from models.media.sources import Source, read, size_of
from models.tasks.base import File, Task
from models.tasks.options import option

TOLD_SECONDS = 0.02  # a frame of most coders: less is rounding
# How long a recording is, only decoding tells: few have less than 2 kbit a second.
BYTES_PER_SECOND = 250


@dataclass(frozen=True)
class Options:
    """How much is told of a recording."""

    granularity: Granularity = option("utterance", "frame adds the scores of every frame, 50 a second")
    embedding: bool = option(False, "add the feature vector; by frame with granularity frame, up to a minute")


@dataclass(frozen=True)
class Pass:
    """What was heard, and in what: the waveform float32 [N], mono, 16 kHz; `skipped_seconds` of it were not read."""

    analysis: Analysis
    waveform: np.ndarray
    skipped_seconds: float = 0.0

    @property
    def warning(self) -> str | None:
        """What is wrong with the recording, in a sentence."""
        if self.skipped_seconds < TOLD_SECONDS:
            return None
        return f"{self.skipped_seconds:.2f} s of the recording could not be read and were heard as silence."


class EmotionTask(Task[Options, Recording, Pass, dict[str, Any]]):
    name = "emotion"
    family = "emotion"
    source = "audio"
    result = "emotion"
    doc = "The emotion in a voice: the strongest one, the scores of all nine, segments with times in seconds."
    options = Options

    def variant(self, options: Options) -> str | None:
        return None

    def decoding_bytes(self, source: Source, options: Options) -> int:
        seconds = min(audio.MAX_SECONDS, size_of(source) / BYTES_PER_SECOND)
        return round(4 * audio.RATE * seconds)

    def decode(self, source: Source, options: Options) -> Recording:
        return audio.read(source if isinstance(source, Path) else read(source, audio.MAX_BYTES))

    def working_bytes(self, decoded: Recording, options: Options) -> int:
        return decoded.waveform.nbytes * 3 // 2  # and a WAV of it

    def forward(self, pipeline: Emotion, decoded: Recording, options: Options) -> Pass:
        return Pass(pipeline.analyze([decoded.waveform])[0], decoded.waveform, decoded.skipped_seconds)

    def finish(self, passed: Pass, options: Options) -> dict[str, Any]:
        told = report(passed.analysis, granularity=options.granularity, embedding=options.embedding)
        return {**told, "skipped_seconds": round(passed.skipped_seconds, 3), "warning": passed.warning}

    def file_name(self, options: Options) -> str:
        return f"{self.result}.json"

    def encode(self, result: dict[str, Any], options: Options) -> File:
        content = json.dumps(result, ensure_ascii=False, allow_nan=False).encode()
        return File(content, self.file_name(options))

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        found = {"silence": not passed.analysis.emotion, "skipped": passed.warning is not None}
        return tuple(name for name, there in found.items() if there)


EMOTION = EmotionTask()
