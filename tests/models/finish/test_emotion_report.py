"""What was heard, as plain data."""

import json
from dataclasses import replace

import numpy as np
import pytest

from models.emotion import LABELS
from models.finish.emotion_report import report
from tests.helpers.analyses import analysis

FRAMES = np.full((100, len(LABELS)), 0.05, np.float32)
FRAMES[:, LABELS.index("sad")] = 0.6
SAD = analysis(FRAMES, np.ones(100, bool))
KEYS = ["emotion", "confidence", "scores", "granularity", "timestamp", "frames", "segments", "duration", "labels"]


def test_the_strongest_emotion_leads_and_all_of_it_is_json() -> None:
    told = report(SAD, granularity="utterance", embedding=False)
    assert (told["emotion"], told["confidence"]) == ("sad", 0.6)
    assert list(told) == KEYS and tuple(told["scores"]) == LABELS
    assert json.loads(json.dumps(told)) == told


def test_segments_are_in_seconds() -> None:
    (segment,) = report(SAD, granularity="utterance", embedding=False)["segments"]
    assert (segment["start"], segment["end"], segment["emotion"]) == (0, 2, "sad")


def test_without_a_voice_there_is_no_emotion() -> None:
    told = report(replace(SAD, voiced=np.zeros(100, bool)), granularity="utterance", embedding=False)
    assert told["emotion"] is None and told["confidence"] is None
    assert [segment["voiced"] for segment in told["segments"]] == [False]


@pytest.mark.parametrize(("granularity", "features", "shape"), [
    ("utterance", True, (4,)), ("frame", True, (100, 4)), ("frame", False, (4,)),
])  # fmt: skip
def test_frames_and_embedding_only_where_asked_for(granularity: str, features: bool, shape: tuple[int, ...]) -> None:
    heard = replace(SAD, frame_features=np.zeros((100, 4)) if features else None)
    told = report(heard, granularity=granularity, embedding=True)  # type: ignore[arg-type]
    assert np.shape(told["embedding"]) == shape
    assert (told["frames"] is not None) == (granularity == "frame")
    if told["frames"]:
        assert told["frames"]["per_second"] == 50 and len(told["frames"]["scores"]["sad"]) == 100
