"""Browsers that refuse what the page would like to have: storage, cookies, secure contexts, the host's port."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, upload
from tests.helpers.drawings import png, portrait
from tests.helpers.portless_proxy import portless_proxy

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
REFUSED = """for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
    Object.defineProperty(window, name, { get() { throw new DOMException("Access is denied.", "SecurityError"); } });
const refuse = () => { throw new DOMException("Access is denied.", "SecurityError"); };
Object.defineProperty(document, "cookie", { get: refuse, set: refuse });"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("No room.", "QuotaExceededError"); };"""
NONE = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { value: null, configurable: true });"""


@pytest.mark.parametrize("script", [REFUSED, FULL, NONE], ids=["refused", "full", "none"])
def test_a_browser_that_stores_nothing_has_the_whole_page_and_is_told(
    ready_studio: str, visit: Visit, script: str
) -> None:
    page = visit(ready_studio, script=script, locale="zh-CN", width=390)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    page.click("#cartoon-history > button")
    page.locator("#cartoon-history-list li").wait_for()
    assert "浏览器没有为本页保存数据" in page.inner_text("#cartoon-history")
    page.click("#language-switch")
    page.get_by_text("Draw the cartoon").wait_for()
    page.click("#theme-switch")
    assert page.evaluate("document.body.classList.contains('dark')")


def test_a_browser_that_stores_is_told_nothing(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.click("#cartoon-history > button")
    page.get_by_text("Nothing yet.").first.wait_for()
    assert "stores nothing" not in page.inner_text("#cartoon-history")
    assert page.locator("#cartoon-photo [data-testid=source-select]").is_visible()
    assert page.locator(".insecure:visible").count() == 0


def test_plain_http_says_what_recording_needs_and_has_no_dead_buttons(ready_studio: str, visit: Visit) -> None:
    port = ready_studio.rsplit(":", 1)[1]
    for locale, sentence in (("en-US", "https or localhost"), ("zh-CN", "https 或 localhost")):
        page = visit(f"http://studio.test:{port}", locale=locale, width=390)
        upload(page, "#cartoon-photo", png(portrait()))
        page.wait_for_selector("#cartoon-result img")
        for tab, place in ((2, "#emotion-recording"), (1, "#matting-photo")):
            open_tab(page, tab)
            page.locator(place).wait_for()
            assert sentence in page.locator(".insecure:visible").inner_text()
            assert not page.locator(f"{place} [data-testid=source-select]").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_behind_a_proxy_that_hides_its_port_the_browsers_word_counts_or_the_remedy_is_told(
    ready_studio: str, visit: Visit
) -> None:
    with portless_proxy(int(ready_studio.rsplit(":", 1)[1])) as port:
        page = visit(f"http://127.0.0.1:{port}")
        upload(page, "#cartoon-photo", png(portrait()))
        page.wait_for_selector("#cartoon-result img")
        for locale, sentence in (("en-US", "name the proxy with --trusted-proxy"), ("zh-CN", "请用 --trusted-proxy")):
            page = visit(f"http://studio.test:{port}", locale=locale)
            upload(page, "#cartoon-photo", png(portrait()))
            page.get_by_text(sentence).first.wait_for()
            assert "foreign_origin" not in page.inner_text("body")
