"""The emotion tab: its task as the controls say it; detail and embedding change only what is shown and saved."""

import json
from pathlib import Path

import numpy as np
import pytest

import preload
from models.media.audio import decode, encode_wav
from models.tasks.emotion import EMOTION, Options
from tests.helpers.cut_recordings import cut_wav
from tests.helpers.tabs import last, made, message, ran, sent
from tests.helpers.visitors import visitor
from tests.helpers.worn_recordings import torn
from ui.charts.timeline import PEAKS
from ui.tabs.emotion import EmotionTab, peaks

pytestmark = pytest.mark.usefixtures("easy")
VOICE = encode_wav(0.1 * np.sin(np.arange(32_000) / 20).astype(np.float32))


@pytest.fixture
def tab() -> EmotionTab:
    return made(EmotionTab)


def test_the_strongest_emotion_is_shown_in_the_visitors_language(tab: EmotionTab) -> None:
    shown = last(tab.run(sent(tab, VOICE), visitor("a")))
    assert "Happy" in shown[tab.panel.chart] and "2.0" in shown[tab.panel.facts]
    assert shown[tab.panel.json]["emotion"] == "happy" and message(tab, shown) == ""
    with tab.passing(sent(tab, VOICE), visitor="a") as kept:
        assert tab.remark(kept, {}, "zh-CN") == "开心 92%"
        assert tab.facts(kept, {})["score_happy"] == pytest.approx(0.92)


def test_what_could_not_be_read_is_said_in_both_languages_and_in_batches(tab: EmotionTab) -> None:
    values = sent(tab, torn())
    assert "1.02 s of this recording could not be read" in message(tab, last(tab.run(values, visitor("a"))))
    with tab.passing(values, visitor="a") as kept:
        assert tab.remark(kept, {}, "zh-CN") == "开心 92% · 1.02 秒无法读取"
        assert tab.facts(kept, {})["skipped_seconds"] == pytest.approx(1, abs=0.05)


def test_a_recording_that_was_cut_off_is_said_to_be_in_both_languages_and_in_batches(tab: EmotionTab) -> None:
    values = sent(tab, cut_wav())
    assert "cut off: 1.00 s" in message(tab, last(tab.run(values, visitor("a"))))
    with tab.passing(values, visitor="a") as kept:
        assert tab.remark(kept, {}, "zh-CN") == "开心 92% · 录音不完整：缺少 1.00 秒"
        assert tab.facts(kept, {})["missing_seconds"] == 1


def test_detail_needs_no_second_pass(tab: EmotionTab) -> None:
    values = ran(tab, sent(tab, VOICE), visitor("a"))
    shown = tab.finish(values | {tab.granularity: "frame"}, visitor("a"))
    assert shown[tab.panel.json]["granularity"] == "frame" and preload.emotion.status.served == 1
    assert tab.asked(values | {tab.embedding: True}) == (EMOTION, Options(embedding=True))


def test_the_downloads_have_their_names_and_the_waveform_is_not_kept(tab: EmotionTab) -> None:
    values = sent(tab, VOICE, embedding=True)
    with tab.passing(values, visitor="a") as kept:
        (data, name), (csv, csv_name), (npy, npy_name) = (
            write(kept, values) for write in (tab.written, tab._csv, tab._npy)
        )
    assert (name, csv_name, npy_name) == ("emotion.json", "scores.csv", "embedding.npy")
    assert json.loads(data)["embedding"] == [32_000] * 4 and b"happy" in csv and npy.startswith(b"\x93NUMPY")
    assert len(kept.passed.waveform) == 0 and len(decode(Path(kept.wav).read_bytes())) == 32_000


def test_a_download_is_named_after_the_recording(tab: EmotionTab) -> None:
    values = sent(tab, VOICE)
    values[tab.source]["orig_name"] = "../张三 1.m4a"
    with tab.passing(values, visitor="a") as kept:
        assert kept.source == "张三 1.m4a"


def test_peaks_are_the_loudest_of_equal_spans() -> None:
    loud = peaks(np.concatenate([np.zeros(PEAKS * 5), np.full(PEAKS * 5, -0.5)]))
    assert len(loud) == PEAKS and loud[0] == 0 and loud[-1] == 1
    assert peaks(np.zeros(10)).max() == 0
