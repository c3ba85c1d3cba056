"""Long work steps aside between its passes, whatever the task: a single click waits for one pass, not for a batch."""

from pathlib import Path

import numpy as np
import pytest

from models.cartoon import Cartoon
from models.emotion import WINDOW_SECONDS, Emotion, probe_clip
from models.engines import Compute
from models.matting import Matting
from models.weights.store import SAMPLES
from tests.helpers import pictures


@pytest.fixture
def asides(tmp_path: Path) -> tuple[list[float], Compute]:
    seen: list[float] = []
    return seen, Compute("f32", 2, tmp_path, seen.append)


def test_a_cartoon_steps_aside_before_further_heads_and_pictures(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    ours = Cartoon(SAMPLES / "cartoon", compute=compute)
    ours.stylize([pictures.three_faces()])
    assert len(seen) == 2
    ours.stylize([pictures.landscape(), pictures.landscape()])
    assert len(seen) == 3


def test_mattes_step_aside_between_pictures(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    Matting(SAMPLES / "matting", compute=compute).matte([np.zeros((64, 64, 3), np.uint8)] * 3)
    assert len(seen) == 2


def test_a_long_clip_steps_aside_between_windows(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    Emotion(SAMPLES / "emotion", compute=compute).analyze([probe_clip(2.5 * WINDOW_SECONDS)])
    assert seen == pytest.approx([1 / 3, 2 / 3])
