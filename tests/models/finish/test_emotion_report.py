"""What was heard, as plain data."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.emotion import LABELS
from models.finish.emotion_report import report, shares, verdict
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


def heard(*parts: str, **scores: float) -> dict[str, Any]:
    """A report: scores of the whole, and one segment of a second for each of `parts`."""
    segments = [{"start": at, "end": at + 1, "emotion": name, "voiced": True} for at, name in enumerate(parts)]
    return {"emotion": max(scores, key=lambda name: scores[name]), "scores": scores, "segments": segments}


@pytest.mark.parametrize(("result", "clear", "close", "by_parts"), [
    (heard("happy", happy=0.61, sad=0.2, neutral=0.19), True, ("happy",), None),
    (heard("sad", other=0.21, happy=0.2, angry=0.19, sad=0.18), False, ("other", "happy", "angry"), "sad"),
    (heard("happy", happy=0.45, sad=0.41, neutral=0.14), False, ("happy", "sad"), None),
    (heard("happy", happy=0.3, sad=0.15, neutral=0.15), False, ("happy",), None),
    (heard("sad", "sad", happy=0.6, sad=0.2), False, ("happy",), "sad"),
    (heard("sad", "sad", "happy", happy=0.6, sad=0.2), True, ("happy",), "sad"),
])  # fmt: skip
def test_an_emotion_is_clear_that_is_strong_ahead_and_heard_in_a_part(
    result: dict[str, Any], clear: bool, close: tuple[str, ...], by_parts: str | None
) -> None:
    found = verdict(result)
    assert found is not None and (found.clear, found.close, found.by_parts) == (clear, close, by_parts)


def test_silence_has_no_verdict() -> None:
    assert verdict({"emotion": None, "scores": {}, "segments": []}) is None


def test_shares_are_of_the_voice_alone() -> None:
    spans = ((0, 2, "happy"), (2, 9, None), (9, 10, "sad"), (10, 11, "happy"))
    segments = [{"start": a, "end": b, "emotion": name, "voiced": name is not None} for a, b, name in spans]
    assert shares(segments) == [("happy", 0.75), ("sad", 0.25)]
