"""The page as visitors use it, in a real browser, with the real program behind it."""

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def models(address: str, part: str = "models") -> dict[str, Any]:
    """The state of every model, as /readyz tells it; `part` may be `variants`."""
    try:
        with urllib.request.urlopen(f"{address}/readyz") as answer:
            return json.load(answer)[part]
    except urllib.error.HTTPError as error:
        return json.load(error)[part]


def served(address: str) -> dict[str, int]:
    """Model passes so far, by task."""
    return {task: status["served"] for task, status in models(address).items()}


def upload(page: Any, selector: str, data: bytes, name: str = "picture.png", kind: str = "image/png") -> None:
    file = page.locator(f"{selector} input[type=file]").first
    file.wait_for(state="attached")
    file.set_input_files({"name": name, "mimeType": kind, "buffer": data})


def open_tab(page: Any, number: int) -> None:
    page.get_by_role("tab").nth(number).click()


def saved(page: Any, button: str) -> bytes:
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_bytes()


def changed_picture(page: Any, selector: str, act: Callable[[], None], *, timeout: int = 20_000) -> None:
    """`act`, then wait until another picture stands at `selector`."""
    before = page.get_attribute(selector, "src")
    act()
    page.wait_for_function(
        "([s, old]) => document.querySelector(s)?.getAttribute('src') !== old",
        arg=[selector, before],
        timeout=timeout,
    )


def test_a_first_visitor_sees_the_models_warm_up(studio: str, visit: Visit) -> None:
    page = visit(studio)
    warming = {task: {"state": "warming"} for task in ("cartoon", "matting", "emotion")}
    page.route("**/readyz", lambda route: route.fulfill(status=503, body=json.dumps({"models": warming})))
    page.reload()
    page.get_by_text("This model is still warming up").first.wait_for()
    assert page.locator(".chip-state.warming").count() == 3
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img", timeout=60_000)
    page.unroute("**/readyz")
    page.locator(".chip-state.ready").nth(2).wait_for(timeout=60_000)
    assert page.locator(".model-note").first.inner_text() == ""


def test_a_person_is_cut_out_and_put_before_a_colour(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    open_tab(page, 1)
    upload(page, "#matting-photo", png(portrait()))
    page.wait_for_selector("#matting-result img")
    cutout = Image.open(io.BytesIO(saved(page, "#matting-download")))
    assert cutout.mode == "RGBA" and cutout.size == (900, 1100)
    assert Image.open(io.BytesIO(saved(page, "#matting-alpha"))).mode == "L"

    passes = served(ready_studio)
    changed_picture(page, "#matting-result img", lambda: page.locator("#matting-preset-id").click())
    assert Image.open(io.BytesIO(saved(page, "#matting-download"))).format == "JPEG"
    assert served(ready_studio) == passes


def test_bad_input_gets_a_sentence(ready_studio: str, visit: Visit) -> None:
    for locale, sentence in (("en-US", "not an image"), ("zh-CN", "不是图片")):
        page = visit(ready_studio, locale=locale)
        upload(page, "#cartoon-photo", b"plain text with the wrong name")
        page.wait_for_selector("#cartoon-message .error")
        assert sentence in page.inner_text("#cartoon-message")
        assert "Traceback" not in page.content()


@pytest.mark.parametrize(("locale", "words"), [("en-US", "Draw the cartoon"), ("zh-CN", "生成卡通")])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_speaks_the_visitors_language_and_fits_the_screen(
    ready_studio: str, visit: Visit, locale: str, words: str, width: int
) -> None:
    page = visit(ready_studio, locale=locale, width=width)
    assert page.inner_text("#cartoon-run") == words
    for tab in range(3):
        open_tab(page, tab)
        page.locator("button.run").nth(tab).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_samples_are_told_and_nothing_is_fetched_from_outside(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.get_by_text("Sample model").first.wait_for()
    assert {status["source"] for status in models(ready_studio).values()} == {"sample"}
    assert [url for url in asked if not url.startswith((ready_studio, "data:", "blob:"))] == []
