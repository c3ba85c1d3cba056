"""The emotion tab: bars, the timeline of long recordings, downloads."""

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.browser.test_page import open_tab, saved, served, upload
from tests.helpers.drawings import voice

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
RATE = 16_000


@pytest.fixture
def tab(ready_studio: str, visit: Visit) -> Any:
    page = visit(ready_studio)
    open_tab(page, 2)
    return page


def wav(waveform: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, waveform, RATE, format="WAV")
    return file.getvalue()


def heard(page: Any, data: bytes) -> None:
    upload(page, "#emotion-recording", data, "voice.wav", "audio/wav")
    page.wait_for_selector("#emotion-result .bars", timeout=60_000)


def test_a_short_voice_has_bars_and_its_course_on_request(tab: Any) -> None:
    heard(tab, voice())
    assert tab.locator(".bars li").count() == 9 and tab.locator(".timeline").count() == 0
    tab.locator("#emotion-granularity").get_by_text("Over time").click()
    tab.wait_for_selector(".timeline .curves polygon")
    result = json.loads(saved(tab, "#emotion-json"))
    assert result["emotion"] in result["scores"] and result["frames"]["per_second"] == 50
    assert saved(tab, "#emotion-csv").count(b"\n") == 1 + len(result["frames"]["scores"]["happy"])


def test_ninety_seconds_show_their_course_and_a_click_plays_it(tab: Any, ready_studio: str) -> None:
    talk, _ = soundfile.read(io.BytesIO(voice(9)), dtype="float32")
    heard(tab, wav(np.tile(talk, 10)))
    passes = served(ready_studio)
    assert tab.locator(".timeline .wave rect").count() == 240 and tab.locator(".timeline .shares li").count() >= 2
    spans = json.loads(tab.get_attribute(".timeline", "data-segments"))
    assert spans[-1][1] > 89 and sum("pause" in text for _, _, text in spans) >= 9

    tab.hover(".timeline .track")
    assert tab.inner_text(".timeline .readout") in [text for _, _, text in spans]
    tab.click(".timeline summary")
    button = tab.locator(".timeline .seek").nth(5)
    button.click()
    tab.wait_for_function("document.querySelector('.timeline audio').currentTime > 40")
    assert f"{float(button.get_attribute('data-second')):g}" in [f"{start:g}" for start, _, _ in spans]
    result = json.loads(saved(tab, "#emotion-json"))
    assert [segment["start"] for segment in result["segments"]] == [start for start, _, _ in spans]
    assert served(ready_studio) == passes


def test_every_download_holds_what_it_says(tab: Any) -> None:
    heard(tab, voice(3.0, rate=48_000))
    sound, rate = soundfile.read(io.BytesIO(saved(tab, "#emotion-wav")))
    assert (len(sound), rate) == (3 * RATE, RATE)
    header, scores = saved(tab, "#emotion-csv").decode().splitlines()
    assert header.startswith("seconds,angry,") and abs(sum(map(float, scores.split(",")[1:])) - 1) < 0.001
    assert np.load(io.BytesIO(saved(tab, "#emotion-npy"))).ndim == 1
    chart = Image.open(io.BytesIO(saved(tab, "#emotion-png")))
    assert chart.format == "PNG" and chart.width == 1200 and len(chart.getcolors(1 << 24)) > 9


def test_silence_is_no_emotion(tab: Any) -> None:
    upload(tab, "#emotion-recording", wav(np.zeros(4 * RATE, np.float32)), "voice.wav", "audio/wav")
    tab.get_by_text("No voice was heard").wait_for()
    assert tab.locator(".bars").count() == 0
    assert json.loads(saved(tab, "#emotion-json"))["emotion"] is None


def test_an_example_is_heard_like_any_recording(tab: Any) -> None:
    tab.click("#emotion-lively")
    tab.wait_for_selector("#emotion-result .bars", timeout=60_000)
    assert "6.8 s of sound" in tab.inner_text("#emotion-facts")


def test_a_picture_is_no_recording(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN")
    open_tab(page, 2)
    upload(page, "#emotion-recording", b"\x89PNG\r\n\x1a\n" + bytes(64), "voice.wav", "audio/wav")
    page.wait_for_selector("#emotion-message .error")
    assert "不是录音" in page.inner_text("#emotion-message")
