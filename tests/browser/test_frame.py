"""The frame of the page: two languages, light and dark, keys, names for screen readers, nothing from outside."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, served, upload
from tests.helpers.drawings import png, portrait, voice

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
TABS = range(4)

PASTE = """(data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
    const options = { clipboardData: carried, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent("paste", options));
}"""
# What can be pressed or filled in: its name as a screen reader finds it, and its size in px.
CONTROLS = """() => [...document.querySelectorAll("button, a[href], input:not([type=file]), select, textarea")]
    .filter((e) => e.offsetParent && !e.closest("[aria-hidden=true]") && getComputedStyle(e).opacity !== "0")
    .map((e) => {
        const box = (e.closest("label") ?? e).getBoundingClientRect();
        const name = e.getAttribute("aria-label") || e.title || e.innerText || e.labels?.[0]?.innerText || "";
        return { name: name.trim(), height: box.height, html: e.outerHTML.slice(0, 200) };
    })"""

# Whatever moves in any frame, from the first one on; 10 ms of colour is no motion.
WATCH_MOTION = """(() => {
    window.moved = [];
    const look = () => {
        for (const motion of document.getAnimations().filter((motion) => motion.effect.getTiming().duration > 50))
            window.moved.push(`${motion.animationName ?? motion.transitionProperty} ${motion.effect.target.className}`);
        requestAnimationFrame(look);
    };
    look();
})()"""


def controls(page: Any, tab: int) -> list[dict[str, Any]]:
    open_tab(page, tab)
    page.wait_for_timeout(300)
    return page.evaluate(CONTROLS)


def test_the_switch_changes_every_text_and_is_remembered(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="en-US")
    page.click("#language-switch")
    page.get_by_text("生成卡通").wait_for()
    page.reload()
    page.get_by_text("生成卡通").wait_for()
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.inner_text(".chip-state.ready >> nth=0").startswith("卡通化")
    upload(page, "#cartoon-photo", b"plain text with the wrong name")
    page.wait_for_selector("#cartoon-message .error")
    assert "不是图片" in page.inner_text("#cartoon-message")
    page.click("#language-switch")
    page.get_by_text("Draw the cartoon").wait_for()


def test_a_photo_a_recording_and_their_results_survive_the_switch(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    open_tab(page, 2)
    upload(page, "#emotion-recording", voice(), "voice.wav", "audio/wav")
    page.wait_for_selector("#emotion-result .bars")
    passes, photo = served(ready_studio), page.get_attribute("#cartoon-photo img", "src")
    page.click("#language-switch")
    page.locator("#emotion-facts").get_by_text("时长").wait_for()
    assert "中立 Neutral" in page.inner_text("#emotion-result")
    names = page.get_by_role("tab").all_inner_texts()
    assert names == ["卡通化", "抠图", "情感", "状态"]
    open_tab(page, 0)
    assert "人脸 1" in page.inner_text("#cartoon-facts") and page.inner_text("#cartoon-run") == "生成卡通"
    assert page.get_attribute("#cartoon-photo img", "src") == photo and served(ready_studio) == passes


def test_a_job_under_way_survives_the_switch(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    with page.expect_request("**/gradio_api/queue/join*"):
        upload(page, "#cartoon-photo", png(portrait()))
    page.click("#language-switch")
    page.wait_for_selector("#cartoon-result img")
    assert page.inner_text("#cartoon-run") == "生成卡通"


@pytest.mark.parametrize(("locale", "language"), [("zh-TW", "zh-CN"), ("de-DE", "en")])
def test_other_languages_get_the_nearest_of_ours_everywhere(
    ready_studio: str, visit: Visit, locale: str, language: str
) -> None:
    page = visit(ready_studio, locale=locale)
    assert page.get_attribute("html", "lang") == language
    assert page.inner_text("#cartoon-run") == {"en": "Draw the cartoon", "zh-CN": "生成卡通"}[language]


def test_dark_and_light_follow_the_system_until_the_visitor_chooses(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, scheme="dark")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.click("#theme-switch")
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector("#cartoon-run")
    assert not page.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_page_changes_with_the_switch(ready_studio: str, visit: Visit, scheme: str) -> None:
    page = visit(ready_studio, scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    there = "getComputedStyle(document.body).getPropertyValue('--body-background-fill')"
    before = page.evaluate(ground), page.evaluate(there)
    page.click("#theme-switch")
    after = page.evaluate(ground), page.evaluate(there)
    assert before[1] != after[1] and before[0] != after[0]


def test_a_pasted_picture_runs_and_so_does_ctrl_enter(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    open_tab(page, 1)
    page.locator("#matting-photo input[type=file]").first.wait_for(state="attached")
    for _ in range(2):  # into the empty input, and in place of the photo that is there
        page.evaluate(PASTE, base64.b64encode(png(portrait())).decode())
        with page.expect_response("**/gradio_api/queue/join*"):
            pass
    page.wait_for_selector("#matting-result img")
    with page.expect_request("**/gradio_api/queue/join*"):
        page.keyboard.press("Control+Enter")
    assert page.locator("#cartoon-photo img").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_everything_on_every_tab_has_a_name_fits_and_can_be_hit(ready_studio: str, visit: Visit, width: int) -> None:
    page = visit(ready_studio, width=width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for tab in TABS:
        found = controls(page, tab)
        assert [control["html"] for control in found if not control["name"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 390:
            assert [control["html"] for control in found if control["height"] < 39.5] == []
    assert [url for url in asked if not url.startswith((ready_studio, "data:", "blob:"))] == []


def test_the_keyboard_reaches_the_tabs_and_shows_where_it_is(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "tab-cartoon-button":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("ArrowRight")
    page.locator("#matting-run").wait_for()
    assert page.evaluate("document.activeElement.id") == "tab-matting-button"


def test_nothing_moves_for_those_who_asked_for_it(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(WATCH_MOTION)
    page.route("**/readyz", lambda route: route.fulfill(status=503, body=json.dumps({"models": {}})))
    page.reload()
    page.wait_for_selector(".chip-state.unreachable i")
    assert page.evaluate("[...new Set(window.moved)]") == []


def test_places_for_files_are_named_as_they_read(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    for tab, place in enumerate(("#cartoon-photo", "#matting-photo", "#emotion-recording")):
        open_tab(page, tab)
        button = page.locator(f"{place} button.upload-container:not([aria-label])")
        button.wait_for()
        assert button.inner_text().strip()
