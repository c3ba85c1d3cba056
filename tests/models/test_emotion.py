"""Emotion2Vec on OpenVINO against FunASR on the same weights; and what only ours knows: frames, windows, silence."""

from functools import lru_cache

import numpy as np
import pytest

from models import timeline
from models.emotion import LABELS, WINDOW_SECONDS, Emotion, probe_clip, windows
from models.engines import Compute
from models.errors import BadAudio
from models.finish.emotion_report import Analysis, report
from models.weights.store import SAMPLES
from tests.helpers.standins_emotion import random_model, real_conf, stock_pipeline, tone

TOLERANCE = {"f32": 1e-4, "bf16": 0.005, "int8": 0.01}


@pytest.fixture(scope="session")
def stock(folders):
    @lru_cache
    def scores(weights: str, seconds: float) -> np.ndarray:
        return np.array(stock_pipeline(folders[weights])(tone(seconds))[0]["scores"])

    return scores


@pytest.mark.stock
@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("seconds", [1, 4, 9.7])
@pytest.mark.parametrize("weights", ["sample", "random"])
def test_scores_are_those_of_the_stock_pipeline(engine, stock, weights, seconds, precision):
    ours = engine(weights, precision).analyze([tone(seconds)])[0].scores
    theirs = stock(weights, seconds)

    assert ours.argmax() == theirs.argmax()
    assert np.abs(ours - theirs).max() <= TOLERANCE[precision]


def test_clips_come_back_in_order_whatever_their_lengths(engine):
    clips = [tone(2.0, seed=1), tone(0.5, seed=2), tone(1.1, seed=3)]
    together = engine("random").analyze(clips)

    assert [round(analysis.duration, 1) for analysis in together] == [2.0, 0.5, 1.1]
    for clip, analysis in zip(clips, together, strict=True):
        np.testing.assert_allclose(analysis.scores, engine("random").analyze([clip])[0].scores, atol=1e-6)


def test_the_mean_of_the_frame_logits_is_the_utterance(engine):
    analysis = engine("random").analyze([tone(4)])[0]
    # Softmax loses one constant per frame only, which the softmax of the mean loses again.
    mean = np.exp(np.log(analysis.frame_scores.astype(np.float64)).mean(axis=0))

    np.testing.assert_allclose(mean / mean.sum(), analysis.scores, atol=1e-5)
    np.testing.assert_allclose(analysis.frame_features.mean(axis=0), analysis.embedding, atol=1e-4)


def test_a_long_clip_is_heard_in_windows_on_one_timeline(engine):
    analysis = engine("random").analyze([tone(90)])[0]

    assert analysis.frame_scores.shape == ((90 * 16000 - 400) // 320 + 1, len(LABELS))
    assert analysis.frame_features is None
    assert report(analysis, granularity="utterance", embedding=False)["segments"][-1]["end"] == pytest.approx(
        90, abs=0.1
    )


@pytest.mark.parametrize("frames", [1, 999, 1000, 1001, 4499, 180_000])
def test_windows_are_equal_bounded_and_leave_no_frame_out(frames):
    cut = windows(frames)

    assert len({size for _, size, _ in cut}) == 1 and cut[0][1] <= 1000
    assert sum(size - repeated for _, size, repeated in cut) == frames
    assert cut[-1][0] + cut[-1][1] == frames


@pytest.mark.parametrize("waveform", [np.zeros(32000, np.float32), tone(2) * 1e-4], ids=["silence", "whisper of noise"])
def test_silence_is_an_answer(engine, waveform):
    result = report(engine("random").analyze([waveform])[0], granularity="frame", embedding=True)

    assert result["emotion"] is None and result["confidence"] is None
    assert [segment["voiced"] for segment in result["segments"]] == [False]


def test_a_pause_parts_two_voices():
    waveform = np.concatenate([tone(1), np.zeros(16000, np.float32), tone(1)])
    voiced = timeline.voiced_frames(waveform, hop=320, frames=149)
    scores = np.tile(np.eye(9, dtype=np.float32)[3], (149, 1))

    cut = timeline.segments(scores, voiced)

    assert [segment.label for segment in cut] == [3, None, 3]
    assert [segment.first for segment in cut] == pytest.approx([0, 50, 100], abs=2)


def test_the_report_is_plain_and_complete(engine):
    analysis = engine("random").analyze([tone(1)])[0]
    result = report(analysis, granularity="frame", embedding=True)

    assert result["emotion"] == LABELS[analysis.scores.argmax()]
    assert tuple(result["scores"]) == LABELS
    assert sum(result["scores"].values()) == pytest.approx(1, abs=1e-3)
    assert np.shape(result["embedding"]) == (49, 256)
    assert len(result["frames"]["scores"]["happy"]) == 49
    assert result["labels"][0] == {"zh": "生气", "en": "angry"}
    assert np.shape(report(analysis, granularity="utterance", embedding=True)["embedding"]) == (256,)


def test_unused_tokens_take_no_part(folders, tmp_path):
    conf = real_conf(depth=1, prenet=0)
    folder = random_model(tmp_path / "weights", conf)
    tokens = (folder / "tokens.txt").read_text(encoding="utf-8").replace("其他/other", "unuse_0")
    (folder / "tokens.txt").write_text(tokens, encoding="utf-8")

    analysis: Analysis = Emotion(folder, compute=Compute("f32", 2, tmp_path / "artifacts")).analyze([tone(1)])[0]

    assert analysis.labels == tuple(label for label in LABELS if label != "other")
    assert analysis.scores.sum() == pytest.approx(1)


def test_a_clip_too_short_is_refused(engine):
    with pytest.raises(BadAudio, match=r"0\.1 s"):
        engine("random").analyze([tone(0.1)])


def test_a_long_clip_steps_aside_between_windows(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    Emotion(SAMPLES / "emotion", compute=compute).analyze([probe_clip(2.5 * WINDOW_SECONDS)])
    assert seen == pytest.approx([1 / 3, 2 / 3])
