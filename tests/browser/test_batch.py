"""Many files at once, as visitors do it."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_page import saved, served
from tests.helpers.drawings import portrait, voice

pytestmark = pytest.mark.browser

MANY = 24  # small portraits, so many that a stop comes before the last

Visit = Callable[..., Any]
File = dict[str, Any]


def photos(count: int) -> list[File]:
    """Small portraits, each its own picture."""
    photo = Image.fromarray(portrait()).resize((450, 550))
    return [file(f"照片 {number}.jpg", jpg(np.roll(np.asarray(photo), 9 * number, 1))) for number in range(count)]


def jpg(rgb: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(rgb).save(data, "JPEG")
    return data.getvalue()


def file(name: str, data: bytes, kind: str = "image/jpeg") -> File:
    return {"name": name, "mimeType": kind, "buffer": data}


def begin(page: Any, tab: str, files: list[File]) -> None:
    """Choose `files` in the opened tab and start."""
    page.click(f"#{tab}-batch > button")
    page.locator(f"#{tab}-batch-files input[type=file]").set_input_files(files)
    page.locator(f"#{tab}-batch-files .file-preview").wait_for(timeout=60_000)
    page.click(f"#{tab}-batch-start")


def finished(page: Any, tab: str) -> None:
    page.locator(f"#{tab}-batch-progress .finished").wait_for(timeout=120_000)


def test_many_with_a_broken_one_stopped_refreshed_and_gone_on_with(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    passes = served(ready_studio)["cartoon"]
    files = photos(MANY)
    begin(page, "cartoon", [*files[:1], file("kaputt.jpg", b"no picture"), *files[1:]])
    page.locator("#cartoon-batch-list li.done").nth(1).wait_for(timeout=60_000)
    page.click("#cartoon-batch-cancel")
    page.locator("#cartoon-batch-progress .stopped").wait_for(timeout=60_000)
    done = page.locator("#cartoon-batch-list li.done").count()
    assert 2 <= done < MANY
    assert "not an image" in page.locator("#cartoon-batch-list li.failed").inner_text()

    page.reload()
    page.locator("#cartoon-batch-list li.done").nth(done - 1).wait_for(timeout=60_000)
    page.click("#cartoon-batch-resume")
    finished(page, "cartoon")
    assert served(ready_studio)["cartoon"] == passes + MANY
    with zipfile.ZipFile(io.BytesIO(saved(page, "#cartoon-batch-zip"))) as archive:
        assert (
            archive.namelist()[:2] == ["照片 0.cartoon.png", "照片 1.cartoon.png"]
            and len(archive.namelist()) == MANY + 2
        )
        rows = list(csv.DictReader(archive.read("report.csv").decode("utf-8-sig").splitlines()))
    assert [row["status"] for row in rows].count("done") == MANY and rows[1]["status"] == "failed"
    page.click("#cartoon-batch-new")
    page.locator("#cartoon-batch-start").wait_for()


def test_a_batch_is_seen_by_nobody_else(ready_studio: str, visit: Visit) -> None:
    mine, other = visit(ready_studio), visit(ready_studio)
    begin(mine, "cartoon", photos(1))
    finished(mine, "cartoon")
    other.reload()
    other.click("#cartoon-batch > button")
    other.locator("#cartoon-batch-start").wait_for()
    assert other.locator("#cartoon-batch-list li").count() == 0


def test_a_zip_is_cut_out_with_the_tabs_settings(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN", width=390)
    page.get_by_role("tab").nth(1).click()
    page.get_by_text("证件照").first.click()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for photo in photos(2):
            archive.writestr(f"folder/{photo['name']}", photo["buffer"])
        archive.writestr("../outside.jpg", b"x")
    begin(page, "matting", [file("photos.zip", data.getvalue(), "application/zip")])
    finished(page, "matting")
    assert "压缩包之外" in page.inner_text("#matting-batch-list")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with zipfile.ZipFile(io.BytesIO(saved(page, "#matting-batch-zip"))) as results:
        assert Image.open(results.open("照片 0.id-photo.jpg")).format == "JPEG"


def test_recordings_become_a_table(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.get_by_role("tab").nth(2).click()
    begin(page, "emotion", [file(f"{number}.wav", voice(), "audio/wav") for number in (1, 2)])
    finished(page, "emotion")
    rows = page.locator("#emotion-batch-list li.done")
    assert rows.count() == 2 and "No clear emotion" in rows.first.inner_text()
    with zipfile.ZipFile(io.BytesIO(saved(page, "#emotion-batch-zip"))) as archive:
        assert "1.emotion.json" in archive.namelist()
        assert b"score_happy" in archive.read("report.csv")
