"""What the page tells of a recording over time."""

import numpy as np
import pytest

from models.emotion import LABELS
from tests.helpers.analyses import analysis
from ui.charts.timeline import clock, stacked, ticks


def test_curves_fill_the_voice_and_leave_the_silence_empty() -> None:
    frames = np.full((1000, len(LABELS)), 0.05, np.float32)
    frames[:, LABELS.index("sad")] = 0.6
    layers = stacked(analysis(frames, np.arange(1000) < 500))
    assert layers[0][0] == "sad" and layers[0][1][0] == 0
    top = layers[-1][2]
    assert np.allclose(top[:115], 1, atol=1e-5) and np.allclose(top[115:], 0)


@pytest.mark.parametrize("seconds", [0.5, 4, 34.6, 90, 600, 3600])
def test_a_clock_has_a_few_even_ticks_that_fit(seconds: float) -> None:
    found = ticks(seconds)
    assert found[0] == 0 and len(found) <= 8 and found[-1] < seconds
    assert len({clock(second) for second in found}) == len(found)
