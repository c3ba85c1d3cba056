"""Emotion scores of a whole recording."""

import re

from models.finish.emotion_report import Verdict
from ui.charts.bars import bars, headline


def test_the_strongest_score_stands_on_top_and_its_bar_is_as_long() -> None:
    html = bars({"happy": 0.2, "sad": 0.75, "angry": 0.05}, "en")
    assert re.findall(r'bar-fill (\w+)" style="width:([\d.]+)%', html) == [
        ("sad", "75.0"),
        ("happy", "20.0"),
        ("angry", "5.0"),
    ]


def test_the_visitors_language_comes_first() -> None:
    found = Verdict("sad", 0.75, True, ("sad",), None)
    english, chinese = (re.findall(r"<(?:strong|small)>(.*?)</", headline(found, each)) for each in ("en", "zh-CN"))
    assert english == chinese[::-1] and "75%" in headline(found, "en")


def test_an_unclear_emotion_is_no_headline() -> None:
    html = headline(Verdict("sad", 0.2, False, ("sad", "angry"), "happy"), "en")
    assert "No clear emotion: sad, angry are close" in html and "20%" not in html
    assert "By parts most of the voice is happy" in html
