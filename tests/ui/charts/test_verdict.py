"""What is said of a whole recording."""

import pytest

from models.finish.emotion_report import Verdict
from ui.charts.verdict import by_parts, short, unclear

CLOSE = Verdict("fearful", 0.21, False, ("fearful", "surprised", "neutral"), "happy")


@pytest.mark.parametrize(("found", "english", "chinese"), [
    (Verdict("happy", 0.92, True, ("happy",), None), "Happy 92%", "开心 92%"),
    (CLOSE, "No clear emotion: fearful, surprised, neutral are close", "情绪不明显：恐惧、吃惊、中立得分接近"),
    (
        Verdict("sad", 0.3, False, ("sad",), None),
        "No clear emotion: sad is strongest, at 30% only", "情绪不明显：难过最高，仅 30%",
    ),
    (
        Verdict("sad", 0.6, False, ("sad",), "happy"),
        "No clear emotion: sad over the whole recording, happy by parts", "情绪不明显：整段偏难过，分段偏开心",
    ),
])  # fmt: skip
def test_lists_say_what_is_clear_and_what_is_not(found: Verdict, english: str, chinese: str) -> None:
    assert (short(found, "en"), short(found, "zh-CN")) == (english, chinese)


def test_where_parts_and_whole_differ_it_is_said_why() -> None:
    assert "most of the voice is happy" in by_parts(CLOSE, "en") and "以开心为主" in by_parts(CLOSE, "zh-CN")
    assert by_parts(Verdict("sad", 0.6, True, ("sad",), None), "en") == ""
    assert "close" in unclear(CLOSE, "en")
