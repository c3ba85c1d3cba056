"""Sentences under the controls."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from models.errors import BadImage
from models.runtime.resident import Resident, Status
from models.tasks.base import Call
from ui.i18n.messages import explain, facts, note, run_facts, visitor_of, waiting_note

CHINESE: Any = SimpleNamespace(headers={"accept-language": "zh-CN"}, client=None, session_hash="s1")


def test_text_is_never_markup_and_errors_are_read_out() -> None:
    assert note("<b>", kind="error") == '<p class="message error" role="alert">&lt;b&gt;</p>'
    assert "<script>" not in facts(["<script>"])


def test_our_own_errors_speak_the_visitors_language() -> None:
    assert "不是图片" in explain(BadImage("This is not an image.", reason="not_an_image"), CHINESE)


def test_anything_unforeseen_goes_to_the_log_and_not_to_the_page(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert "/secret" not in explain(RuntimeError("/secret/path"), None)
    assert "/secret/path" in caplog.text


def test_a_model_that_is_ready_is_not_waited_for() -> None:
    cartoon: Resident[Any] = Resident("cartoon")
    assert "role=" in waiting_note(cartoon, None, "en")
    assert waiting_note(cartoon, "sketch", "en") != waiting_note(cartoon, "anime", "en")
    cartoon.configure(lambda slot: object())
    cartoon.load()
    assert waiting_note(cartoon, None, "en") == ""


def test_a_run_tells_its_stages_and_what_made_it() -> None:
    status = Status("cartoon-anime", "id", "licence", engine="openvino", precision="f32", source="sample")
    call = Call(seconds={"queue": 0.0, "forward": 0.5, "decode": 0.002}, status=status)
    told = run_facts(call, 0.01, "en")
    assert any("500 ms" in part for part in told) and any("10 ms" in part for part in told)
    assert "openvino f32" in told and not any(part == "0 ms" for part in told)


def test_a_visitor_is_an_address_and_a_session() -> None:
    here: Any = SimpleNamespace(client=SimpleNamespace(host="192.0.2.1"), session_hash="s1")
    assert (visitor_of(here), visitor_of(None)) == ("192.0.2.1 s1", "")
