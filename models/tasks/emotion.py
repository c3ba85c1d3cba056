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

SECONDS = ("skipped_seconds", "missing_seconds")
TOLD_SECONDS = 0.02  # a frame of most coders: less is rounding
_FAULTS = {
    "skipped": "{:.2f} s of the recording could not be read and were heard as silence.",
    "missing": "The recording is cut off: {:.2f} s that the file announces are not in it.",
    "unended": "The file has no end mark: the end of the recording may be missing.",
}
# How long a recording is, only decoding tells: few have less than 2 kbit a second.
BYTES_PER_SECOND = 250


@dataclass(frozen=True)
class Options:
    """How much is told of a recording."""

    granularity: Granularity = option("utterance", "frame adds the scores of every frame, 50 a second")
    embedding: bool = option(False, "add the feature vector; by frame with granularity frame, up to a minute")


@dataclass(frozen=True)
class Pass:
    """What was heard, and in what: the waveform float32 [N], mono, 16 kHz; `skipped_seconds` of it were not read, and
    `missing_seconds` more are announced but not there, None where only the end mark is missing."""

    analysis: Analysis
    waveform: np.ndarray
    skipped_seconds: float = 0.0
    missing_seconds: float | None = 0.0

    @property
    def faults(self) -> dict[str, float]:
        """What is wrong with the recording: names and seconds."""
        missing = self.missing_seconds
        found = {"skipped": self.skipped_seconds, "missing": missing or 0.0}
        return {name: seconds for name, seconds in found.items() if seconds >= TOLD_SECONDS} | (
            {"unended": 0.0} if missing is None else {}
        )

    @property
    def warning(self) -> str | None:
        """What is wrong with the recording, in sentences."""
        return " ".join(_FAULTS[name].format(seconds) for name, seconds in self.faults.items()) or None


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
        analysis = pipeline.analyze([decoded.waveform])[0]
        return Pass(analysis, decoded.waveform, decoded.skipped_seconds, decoded.missing_seconds)

    def finish(self, passed: Pass, options: Options) -> dict[str, Any]:
        told = report(passed.analysis, granularity=options.granularity, embedding=options.embedding)
        return {**told, **_seconds(passed), "warning": passed.warning}

    def file_name(self, options: Options) -> str:
        return f"{self.result}.json"

    def encode(self, result: dict[str, Any], options: Options) -> File:
        content = json.dumps(result, ensure_ascii=False, allow_nan=False).encode()
        facts = {name: "unknown" if result[name] is None else result[name] for name in SECONDS}
        return File(content, self.file_name(options), facts)

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        return (*(() if passed.analysis.emotion else ("silence",)), *passed.faults)


def _seconds(passed: Pass) -> dict[str, float | None]:
    """Of what was not heard."""
    return {name: None if (told := getattr(passed, name)) is None else round(told, 3) for name in SECONDS}


EMOTION = EmotionTask()
