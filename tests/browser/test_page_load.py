"""What a first visit costs, counted: bytes, requests, components, and that nothing moves."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
# A fifth above what it is. A plain Gradio page of the same tabs: 540 KiB, 66 requests.
MOST_KIB, MOST_REQUESTS, MOST_HTML_KIB = 480, 120, 58
MOST_MOVED = 0.02
WATCH = """
    window.moved = [];
    const add = (list) => moved.push(...list.getEntries().map(({ value, sources }) =>
        [value, sources.map(({ node }) => node?.id || node?.className || node?.nodeName)]));
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
"""


def loaded(visit: Visit, address: str, **look: Any) -> tuple[Any, list[dict[str, Any]]]:
    """A page after a whole visit with an empty cache: it, and what was sent for it."""
    page = visit(address, **look)
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    told: list[dict[str, Any]] = []
    session.on("Network.responseReceived", lambda event: told.append(event["response"] | {"id": event["requestId"]}))
    sizes: dict[str, float] = {}
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.add_init_script(WATCH)
    page.reload()
    page.wait_for_selector(".chip-state.ready >> nth=2")
    page.locator("#cartoon-run").wait_for()
    page.wait_for_timeout(1500)
    return page, [response | {"sent": sizes.get(response["id"], 0)} for response in told]


def test_a_visit_is_no_heavier_than_that_to_a_plain_gradio_page(ready_studio: str, visit: Visit) -> None:
    page, sent = loaded(visit, ready_studio)
    assert sum(response["sent"] for response in sent) < 1024 * MOST_KIB
    assert len(sent) < MOST_REQUESTS
    assert next(response["sent"] for response in sent if response["url"] == page.url) < 1024 * MOST_HTML_KIB
    assert not [response["url"] for response in sent if "hls" in response["url"] or "Audio" in response["url"]]
    open_tab(page, 2)
    page.locator("#emotion-recording input[type=file]").first.wait_for(state="attached")


@pytest.mark.parametrize(("width", "locale"), [(1280, "en-US"), (390, "zh-CN")])
def test_nothing_moves_while_the_page_loads(ready_studio: str, visit: Visit, width: int, locale: str) -> None:
    page, _ = loaded(visit, ready_studio, width=width, locale=locale)
    moved = page.evaluate("window.moved")
    assert sum(value for value, _ in moved) <= MOST_MOVED, moved


def test_scripts_are_not_asked_for_again(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.wait_for_timeout(1000)
    asked: list[Any] = []
    page.on("response", lambda answer: asked.append(answer))
    page.reload()
    page.wait_for_selector("#cartoon-run")
    again = [answer for answer in asked if "/assets/" in answer.url]
    kept = "public, max-age=31536000, immutable"
    assert again and all(answer.headers.get("cache-control") == kept for answer in again)
