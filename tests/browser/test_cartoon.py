"""The cartoon tab, from the photo to the saved file."""

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_page import changed_picture, models, saved, served, upload
from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def choose(page: Any, style: str) -> None:
    page.locator(f"#cartoon-style label:has([value='{style}'])").click()


def drawn(page: Any, photo: np.ndarray) -> None:
    upload(page, "#cartoon-photo", png(photo))
    page.wait_for_selector("#cartoon-result img", timeout=60_000)


def test_a_portrait_becomes_a_saved_cartoon_and_what_finishes_runs_no_model(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    photo = portrait()
    drawn(page, photo)
    cartoon = Image.open(io.BytesIO(saved(page, "#cartoon-download")))
    assert max(cartoon.size) == 1024 and cartoon.size[0] < cartoon.size[1] and not cartoon.getexif()
    original = Image.fromarray(photo).resize(cartoon.size)
    assert np.abs(np.asarray(cartoon.convert("RGB"), float) - np.asarray(original, float)).mean() > 2

    passes = served(ready_studio)
    strength = page.locator("#cartoon-strength input[type=range]")
    changed_picture(page, "#cartoon-result img", lambda: strength.press("ArrowLeft"))
    changed_picture(page, "#cartoon-result img", lambda: page.get_by_text("Faces found").click())
    page.locator("#cartoon-resolution input[type=range]").press("Home")
    page.locator("#cartoon-facts").get_by_text("419 × 512").wait_for()
    changed_picture(page, "#cartoon-result img", lambda: page.locator("#cartoon-format").get_by_text("jpg").click())
    page.wait_for_selector("#cartoon-quality")
    small = Image.open(io.BytesIO(saved(page, "#cartoon-download")))
    assert small.format == "JPEG" and small.size == (419, 512)
    page.get_by_text("Before / after").first.click()
    page.wait_for_selector("#cartoon-compare img")
    assert served(ready_studio) == passes


def test_the_info_line_tells_sizes_faces_every_stage_and_the_source(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    drawn(page, portrait())
    line = page.inner_text("#cartoon-facts")
    assert re.search(r"photo 900 × 1100 → 838 × 1024 px\s+faces: 1\b", line)
    assert all(re.search(rf"{stage} \d+ ms", line) for stage in ("decode", "model", "finish", "encode"))
    assert "openvino" in line and "sample model" in line


def test_a_picture_without_a_face_is_told_so(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN")
    drawn(page, np.full((300, 400, 3), (90, 140, 180), np.uint8))
    assert "未检测到人脸" in page.inner_text("#cartoon-message")


def test_a_face_too_small_is_told_so_and_shown(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    picture = Image.new("RGB", (500, 400), (190, 200, 205))
    picture.paste(Image.fromarray(portrait()).resize((99, 121)), (200, 100))
    drawn(page, np.asarray(picture))
    assert "Faces too small to be drawn on their own: 1 of 1" in page.inner_text("#cartoon-message")
    changed_picture(page, "#cartoon-result img", lambda: page.get_by_text("Faces found").click())


def test_a_style_that_cannot_be_had_says_why_before_there_is_a_photo(ready_studio: str, visit: Visit) -> None:
    for locale, sentence in (("en-US", "has no sample weights"), ("zh-CN", "需要从魔搭下载")):
        page = visit(ready_studio, locale=locale)
        choose(page, "sd-design")
        page.wait_for_selector("#cartoon-style-state .error")
        assert sentence in page.inner_text("#cartoon-style-state")
    choose(page, "anime")
    drawn(page, portrait())
    assert not page.locator("#cartoon-style-state .error").is_visible()


def test_a_style_is_loaded_when_it_is_chosen_and_draws_once_it_is_there(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    drawn(page, portrait())
    passes = served(ready_studio)
    changed_picture(page, "#cartoon-result img", lambda: choose(page, "sketch"), timeout=60_000)
    assert not page.locator(".style-progress").is_visible()
    assert served(ready_studio) == passes and models(ready_studio, "variants")["cartoon-sketch"]["served"] == 1


def test_the_tiles_are_one_group_for_the_keyboard(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.locator("#cartoon-style [value=anime]").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("#cartoon-style [value=sd-illustration]:checked").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.locator("#cartoon-style [value=anime]:checked").wait_for(state="attached")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('#cartoon-style')")


def test_an_example_runs_by_one_key(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.locator("#cartoon-glasses").press("Enter")
    page.wait_for_selector("#cartoon-result img", timeout=60_000)
    assert "photo 640 × 640" in page.inner_text("#cartoon-facts")
    assert page.evaluate("document.querySelector('#cartoon-glasses img').naturalWidth") > 0
