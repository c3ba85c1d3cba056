"""Both languages say everything, and the browser's wish decides."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import BadImage
from ui.i18n.error_texts_zh import ERRORS
from ui.i18n.language import language_of, say_error
from ui.i18n.texts import TEXTS

MODELS = Path(__file__).parents[3] / "models"
REASON = re.compile(r"(?:reason=|self\._error\()\"([a-z_]+)\"|_?[a-z]+\(\"([a-z]+_[a-z_]+)\", f?\"")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr;q=0.9, zh;q=0.3, en;q=0.2", "zh-CN"),
        ("de", "en"),
        ("", "en"),
        ("en;q=x", "en"),
    ],
)
def test_the_browsers_first_wish_that_we_speak(header: str, language: str) -> None:
    assert language_of(SimpleNamespace(headers={"accept-language": header})) == language  # type: ignore[arg-type]


def test_both_languages_fill_in_the_same_values() -> None:
    for key, (english, chinese) in TEXTS.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", chinese)), key


def test_every_reason_in_the_models_has_a_chinese_sentence() -> None:
    reasons = {name for path in MODELS.rglob("*.py") for pair in REASON.findall(path.read_text()) for name in pair}
    assert len(reasons) > 20
    assert sorted(reasons - ERRORS.keys() - {""}) == []


def test_an_error_without_translation_keeps_its_own_sentence() -> None:
    assert say_error("zh-CN", BadImage("Odd.", reason="odd")) == "Odd."
    assert say_error("zh-CN", BadImage("Small.", reason="image_too_small")) == "Small."
