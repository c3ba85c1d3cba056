"""What happens without a place of its own on the page is told at the foot of the window."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, upload
from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def test_to_run_without_a_file_is_told_in_sight(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    for tab in range(3):
        open_tab(page, tab)
        page.locator('[data-testid="upload-text"]:visible').first.wait_for()
        page.locator("button.run:visible").click()
        told = page.locator(".notice")
        assert told.inner_text() == "Choose a file first." and told.evaluate(
            "(note) => note.getBoundingClientRect().bottom <= innerHeight"
        )
        told.evaluate("(note) => note.remove()")


def test_to_run_with_a_photo_in_hand_is_no_cause_for_words(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    page.click("#cartoon-run")
    assert page.locator(".notice").count() == 0


def test_a_lost_connection_is_told_and_so_is_what_went_with_it(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN")
    page.wait_for_selector("#cartoon-photo input[type=file]", state="attached")
    page.context.set_offline(True)
    upload(page, "#cartoon-photo", png(portrait()))
    page.get_by_text("文件未能送达服务器").first.wait_for()
    page.click("#cartoon-run")
    page.get_by_text("服务器没有响应").first.wait_for()
    assert "HTTP 503" not in page.inner_text("body")
    page.context.set_offline(False)
    page.locator(".notice", has_text="本页已重新加载").wait_for()
    page.reload()
    page.wait_for_selector("#cartoon-run")
    assert page.locator(".notice").count() == 0
