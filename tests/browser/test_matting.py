"""The cut-out tab in a real browser: what is made of one pass, and that no control runs the model again."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_page import changed_picture, open_tab, saved, served, upload
from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
WAIT = 60_000


@pytest.fixture
def page(ready_studio: str, visit: Visit) -> Any:
    """The tab with a portrait cut out."""
    page = visit(ready_studio)
    page.set_default_timeout(WAIT)
    open_tab(page, 1)
    upload(page, "#matting-photo", png(portrait()))
    page.wait_for_selector("#matting-result img")
    return page


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def choose(page: Any, radio: str, number: int) -> None:
    changed_picture(page, "#matting-result img", lambda: page.locator(f"{radio} label").nth(number).click())


def told(page: Any, words: str) -> None:
    page.wait_for_function("w => document.querySelector('#matting-facts').innerText.includes(w)", arg=words)


def test_an_id_photo_and_its_sheet_are_saved_with_size_dpi_and_limit(page: Any, ready_studio: str) -> None:
    passes = served(ready_studio)
    changed_picture(page, "#matting-result img", lambda: page.click("#matting-preset-id"))
    told(page, "295 × 413 px")
    page.fill("#matting-id-limit input", "20")
    page.press("#matting-id-limit input", "Enter")
    page.wait_for_function("/\\b1\\d\\.\\d KB|\\b20\\.0 KB/.test(document.querySelector('#matting-facts').innerText)")
    data = saved(page, "#matting-download")
    photo = picture(data)
    assert (photo.format, photo.size, photo.info["dpi"]) == ("JPEG", (295, 413), (300, 300)) and len(data) <= 20_000
    assert np.abs(np.subtract(photo.getpixel((3, 3)), (67, 142, 219))).max() < 12

    choose(page, "#matting-output", 3)
    told(page, "10 photos")
    assert picture(saved(page, "#matting-download")).size == (1800, 1200)
    assert served(ready_studio) == passes


def test_the_alpha_and_a_quality_are_chosen_and_saved(page: Any, ready_studio: str) -> None:
    passes = served(ready_studio)
    choose(page, "#matting-output", 1)
    assert picture(saved(page, "#matting-download")).mode == "L"
    assert not page.locator("#matting-quality").is_visible()
    page.get_by_text("webp", exact=True).locator("visible=true").click()
    page.wait_for_selector("#matting-quality")
    assert picture(saved(page, "#matting-download")).format == "WEBP"
    choose(page, "#matting-output", 2)
    page.wait_for_selector("#matting-quality", state="hidden")
    assert served(ready_studio) == passes


def test_a_limit_that_cannot_be_met_is_told(page: Any) -> None:
    changed_picture(page, "#matting-result img", lambda: page.click("#matting-preset-id"))
    page.fill("#matting-id-limit input", "5")
    page.press("#matting-id-limit input", "Enter")
    told(page, "jpg quality")
    page.get_by_text("png", exact=True).locator("visible=true").click()
    page.get_by_text("choose jpg, whose quality can be lowered").wait_for()


def test_gradient_views_and_clean_edges_need_no_second_pass(page: Any, ready_studio: str) -> None:
    passes = served(ready_studio)
    choose(page, "#matting-background", 2)
    gradient = picture(saved(page, "#matting-download"))
    assert gradient.mode == "RGB" and gradient.getpixel((0, 0))[:2] < gradient.getpixel((0, gradient.height - 1))[:2]
    changed_picture(page, "#matting-result img", lambda: page.locator("#matting-clean input").click())
    choose(page, ".views:visible", 2)
    assert picture(saved(page, "#matting-alpha")).mode == "L"
    page.locator(".views:visible label").nth(1).click()
    page.wait_for_selector("#matting-compare img")
    assert served(ready_studio) == passes


def test_a_wall_without_anybody_is_told_in_chinese(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN", width=390)
    page.set_default_timeout(WAIT)
    open_tab(page, 1)
    page.click("#matting-preset-id")
    page.wait_for_selector("#matting-id")
    upload(page, "#matting-photo", png(np.full((400, 300, 3), 200, np.uint8)))
    page.get_by_text("图片中没有找到人物，请换一张照片制作证件照").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
