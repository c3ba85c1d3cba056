"""Earlier results and remembered settings, as visitors meet them."""

from collections.abc import Callable
from typing import Any

import gradio as gr
import pytest

from tests.browser.test_page import saved, served, upload
from tests.helpers.drawings import png, portrait, voice
from ui.state.saved_settings import may_be

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def drawn(page: Any) -> None:
    """A cartoon of the portrait stands in the tab."""
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")


def history(page: Any, tab: str = "cartoon") -> Any:
    """The entries, the list opened."""
    page.click(f"#{tab}-history > button")
    entries = page.locator(f"#{tab}-history-list li")
    entries.first.wait_for()
    return entries


def test_a_result_comes_back_after_a_refresh_without_a_model_pass(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    drawn(page)
    page.locator("#cartoon-strength input[type=range]").press("ArrowLeft")
    page.locator("#cartoon-format").get_by_text("webp").click()
    page.wait_for_timeout(1000)
    passes = served(ready_studio)
    page.reload()
    entries = history(page)
    assert entries.count() == 1 and "Anime · Strength 0.65 · webp" in entries.first.inner_text()
    entries.first.locator(".history-picture").click()
    page.wait_for_selector("#cartoon-result img")
    assert page.locator("#cartoon-strength input[type=range]").input_value() == "0.65"
    assert saved(page, "#cartoon-download")[8:12] == b"WEBP"
    assert served(ready_studio) == passes and page.locator("#cartoon-photo img").count() == 1


def test_settings_are_run_on_the_photo_now_in_the_tab(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    drawn(page)
    page.locator("#cartoon-format").get_by_text("jpg").click()
    upload(page, "#cartoon-photo", png(portrait()[:, ::-1]))
    entries = history(page)
    entries.nth(1).wait_for()
    passes = served(ready_studio)["cartoon"]
    entries.nth(1).get_by_text("Use settings").click()
    entries.nth(2).wait_for()
    assert served(ready_studio)["cartoon"] == passes + 1


def test_what_is_deleted_leaves_list_tab_and_disk(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    drawn(page)
    address = page.get_attribute("#cartoon-result img", "src")
    assert page.request.get(address).ok
    history(page).first.get_by_text("Delete").click()
    page.get_by_text("Nothing yet.").first.wait_for()
    page.locator("#cartoon-result img").wait_for(state="hidden")
    assert not page.request.get(address).ok


def test_a_history_is_the_visitors_own(ready_studio: str, visit: Visit) -> None:
    page, other = visit(ready_studio), visit(ready_studio)
    drawn(page)
    assert history(page).count() == 1
    other.click("#cartoon-history > button")
    other.get_by_text("Nothing yet.").first.wait_for()


def test_an_emotion_is_told_in_words(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN")
    page.get_by_role("tab").nth(2).click()
    upload(page, "#emotion-recording", voice(), "voice.wav", "audio/wav")
    page.wait_for_selector("#emotion-result .bars")
    entry = history(page, "emotion").first
    assert "整段" in entry.inner_text() and "情绪不明显：" in entry.inner_text()
    page.reload()
    page.get_by_role("tab").nth(2).click()
    history(page, "emotion").first.locator(".history-picture").click()
    page.wait_for_selector("#emotion-result .bars")


def test_settings_survive_a_refresh_and_nonsense_is_ignored(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.locator("#cartoon-style").get_by_text("Sketch").click()
    page.get_by_role("tab").nth(1).click()
    page.locator("#matting-background").get_by_text("Colour", exact=True).click()
    page.wait_for_timeout(500)
    page.reload()
    page.locator("#cartoon-style input[value=sketch]:checked").wait_for(state="attached")
    page.get_by_role("tab").nth(1).click()
    page.locator("#matting-background input[value=colour]:checked").wait_for(state="attached")
    page.evaluate("for (const key in localStorage) if (key.endsWith('-1')) localStorage[key] = 'nonsense'")
    page.reload()
    page.locator("#cartoon-style input[value=anime]:checked").wait_for(state="attached")


def test_stored_values_that_mean_nothing_leave_their_controls_alone(ready_studio: str, visit: Visit) -> None:
    style, strength = gr.Radio([("Anime", "anime"), ("3D", "3d")]), gr.Slider(0, 1)
    controls = {"style": style, "strength": strength, "clean": gr.Checkbox(), "colour": gr.ColorPicker()}
    page, told = visit(ready_studio), {name: may_be(control) for name, control in controls.items()}
    meant = {"style": "3d", "strength": 0.2, "clean": False, "colour": "rgb(3, 4.5, 6)"}
    odd = {"style": 3, "strength": True, "clean": 0, "colour": "red", "old": 1}
    assert page.evaluate("(given) => prewarm.stillMeant(...given)", [meant, told]) == list(meant.values())
    for stored in (odd, None, "text", [], 3):
        assert page.evaluate("(given) => prewarm.stillMeant(...given)", [stored, told]) == [None] * 4
