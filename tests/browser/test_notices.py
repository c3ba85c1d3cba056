"""What happens without a place of its own on the page is told at the foot of the window."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, upload
from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


@pytest.mark.parametrize(("locale", "said"), [("en-US", "Choose a file first."), ("zh-CN", "请先选择文件。")])
def test_to_run_without_a_file_is_told_in_sight(ready_studio: str, visit: Visit, locale: str, said: str) -> None:
    page = visit(ready_studio, locale=locale)
    for tab in range(3):
        open_tab(page, tab)
        page.locator('[data-testid="upload-text"]:visible').first.wait_for()
        page.locator("button.run:visible").click()
        told = page.locator(".notice")
        assert told.inner_text() == said and told.evaluate(
            "(note) => note.getBoundingClientRect().bottom <= innerHeight"
        )
        told.evaluate("(note) => note.remove()")


def test_to_run_with_a_photo_in_hand_is_no_cause_for_words(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    page.click("#cartoon-run")
    assert page.locator(".notice").count() == 0


@pytest.mark.parametrize(
    ("locale", "upload_lost", "lost", "before"),
    [
        ("en-US", "The file did not reach the server", "The server does not answer", "this page was loaded anew"),
        ("zh-CN", "文件未能送达服务器", "服务器没有响应", "本页已重新加载"),
    ],
)
def test_a_lost_connection_is_told_and_so_is_what_went_with_it(
    ready_studio: str, visit: Visit, locale: str, upload_lost: str, lost: str, before: str
) -> None:
    page = visit(ready_studio, locale=locale)
    page.wait_for_selector("#cartoon-photo input[type=file]", state="attached")
    page.context.set_offline(True)
    upload(page, "#cartoon-photo", png(portrait()))
    page.get_by_text(upload_lost).first.wait_for()
    page.click("#cartoon-run")
    page.get_by_text(lost).first.wait_for()
    assert "HTTP 503" not in page.inner_text("body")
    page.context.set_offline(False)
    page.locator(".notice", has_text=before).wait_for()
    page.reload()
    page.wait_for_selector("#cartoon-run")
    assert page.locator(".notice").count() == 0
