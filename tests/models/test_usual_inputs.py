"""Pictures of 1024 px and clips of four seconds."""

from typing import Any

import numpy as np

from models import usual_inputs
from tests.helpers.standin import Easy


class Noted(Easy):
    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def stylize(self, pictures: list[np.ndarray]) -> Any:
        self.shapes.append(pictures[0].shape)
        return super().stylize(pictures)

    def matte(self, pictures: list[np.ndarray]) -> Any:
        self.shapes.append(pictures[0].shape)
        return super().matte(pictures)

    def analyze(self, waveforms: list[np.ndarray]) -> Any:
        self.shapes.append(waveforms[0].shape)
        return super().analyze(waveforms)


def test_each_family_gets_its_own() -> None:
    pipeline = Noted()
    for family in ("cartoon", "matting", "emotion"):
        usual_inputs.run(family, pipeline)  # type: ignore[arg-type]
    assert pipeline.shapes == [(1024, 1024, 3), (1024, 1024, 3), (64_000,)]
