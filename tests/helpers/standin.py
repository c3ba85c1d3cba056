"""The real program with easy pipelines: a cartoon is the negative, a matte the left half, every voice is happy."""

import os
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np

import app
import preload
from models.cartoon import Stylized
from models.catalog import FAMILIES, Family
from models.emotion import LABELS
from models.finish.emotion_report import Analysis
from models.runtime.resident import Resident, Slot

SECONDS = float(os.environ.get("STANDIN_SECONDS", "0"))


class Easy:
    """All three pipelines in one."""

    def stylize(self, pictures: list[np.ndarray]) -> list[Stylized]:
        time.sleep(SECONDS)
        return [Stylized(255 - picture, ()) for picture in pictures]

    def matte(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        time.sleep(SECONDS)
        return [left_half(picture) for picture in pictures]

    def analyze(self, waveforms: list[np.ndarray]) -> list[Analysis]:
        time.sleep(SECONDS)
        return [happy(waveform) for waveform in waveforms]


def left_half(picture: np.ndarray) -> np.ndarray:
    matte = np.zeros(picture.shape[:2], np.float32)
    matte[:, : picture.shape[1] // 2] = 1
    return matte


def happy(waveform: np.ndarray) -> Analysis:
    frames = len(waveform) // 320 - 1
    scores = np.full(len(LABELS), 0.01, np.float32)
    scores[LABELS.index("happy")] = 0.92
    return Analysis(
        scores=scores,
        frame_scores=np.tile(scores, (frames, 1)),
        embedding=np.full(4, len(waveform), np.float32),
        frame_features=None,
        voiced=np.ones(frames, bool),
        duration=len(waveform) / 16_000,
        heard_at=datetime.now(UTC),
        labels=LABELS,
        labels_zh=LABELS,
    )


def build(slot: Slot[Any], **_: object) -> Easy:
    slot.report(engine="standin", source="sample", revision="sample")
    return Easy()


def residents() -> dict[Family, Resident[Any]]:
    """One of every family, ready, in the place of `preload.RESIDENTS`."""
    made = {family: Resident[Any](family) for family in FAMILIES}
    for resident in made.values():
        resident.configure(build)
        resident.load()
    return made


if __name__ == "__main__":
    preload._build = build
    if os.environ["STANDIN_PAGE"] == "no":
        app.mount_page = lambda *_: None
    app.main()
