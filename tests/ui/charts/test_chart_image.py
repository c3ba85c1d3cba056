"""The chart to keep."""

import io

import numpy as np
from PIL import Image

from models.emotion import LABELS
from models.runtime.resident import Status
from models.tasks.base import Call
from models.tasks.emotion import Pass
from tests.helpers.analyses import analysis
from ui.charts.chart_image import chart_png
from ui.charts.colours import COLOURS
from ui.charts.timeline import PEAKS
from ui.state.kept import KeptVoice


def test_the_strongest_emotion_has_the_longest_bar_in_its_colour() -> None:
    frames = np.full((500, len(LABELS)), 0.05, np.float32)
    frames[:, LABELS.index("sad")] = 0.6
    status = Status("emotion-large", "id", "licence", source="sample")
    passed = Pass(analysis(frames, np.ones(500, bool)), np.empty(0))
    kept = KeptVoice(passed, Call(status=status), peaks=np.ones(PEAKS), wav="")
    chart = np.asarray(Image.open(io.BytesIO(chart_png(kept))).convert("RGB"))
    widths = {name: _widest(chart[168:560], colour) for name, colour in COLOURS.items()}
    assert max(widths, key=lambda name: widths[name]) == "sad" and widths["sad"] > 400


def _widest(picture: np.ndarray, colour: str) -> int:
    """Pixels of `colour` in the row that has most of them."""
    rgb = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)
    return int((picture == rgb).all(axis=2).sum(axis=1).max())
