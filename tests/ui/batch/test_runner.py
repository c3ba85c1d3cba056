"""A batch goes on past bad files, stops at the next one, takes up what is left, and belongs to one visitor."""

import csv
import json
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import BadImage, Busy
from models.runtime.fair_queue import ModelQueue
from ui.batch.archive import pack
from ui.batch.html import cards_html, progress_html, rows_html
from ui.batch.registry import Batches
from ui.batch.runner import Batch, Made
from ui.batch.sources import Source

PICTURE = cv2.imencode(".png", np.full((300, 400, 4), 120, np.uint8))[1].tobytes()


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


def files(folder: Path, *names: str) -> list[Source]:
    for name in names:
        (folder / name).write_bytes(name.encode())
    return [Source(name, folder / name) for name in names]


def draw(file: Path) -> Made:
    """Stands in for a tab: a file named bad is no picture."""
    if file.name.startswith("bad"):
        raise BadImage("This file is not an image: choose another.", reason="not_an_image")
    return Made(PICTURE, "cartoon.png", remark="No face", facts={"faces": 0})


def batch_of(folder: Path, *names: str, work: Callable[[Path], Made] = draw) -> Batch:
    return Batch(files(folder, *names), work, parameters={"style": "anime"})


def settled(batch: Batch) -> Batch:
    end = time.monotonic() + 10
    while batch.state in ("running", "stopping"):
        assert time.monotonic() < end
        time.sleep(0.005)
    return batch


def test_one_bad_file_ends_nothing_and_says_why(uploads: Path) -> None:
    batch = batch_of(uploads, "a.png", "bad.png", "照片.png")
    batch.start()
    assert settled(batch).state == "finished"
    assert [item.state for item in batch.items] == ["done", "failed", "done"]
    assert batch.items[2].result and batch.items[2].result.name == "照片-cartoon.png"
    assert "not an image" in cards_html(batch, "en") and "不是图片" in rows_html(batch, "zh-CN")
    assert "1 failed" in progress_html(batch, "en")


def test_stopping_ends_at_the_next_file_and_going_on_skips_what_is_done(uploads: Path) -> None:
    begun, go, worked = threading.Event(), threading.Event(), []

    def slow(file: Path) -> Made:
        worked.append(file.name)
        begun.set()
        go.wait(10)
        return draw(file)

    batch = batch_of(uploads, "a.png", "b.png", "c.png", work=slow)
    batch.start()
    begun.wait(10)
    batch.cancel()
    assert batch.state == "stopping"
    go.set()
    assert settled(batch).state == "stopped" and worked == ["a.png"]
    first = batch.items[0].result
    batch.start()
    assert settled(batch).state == "finished" and worked == ["a.png", "b.png", "c.png"]
    assert batch.items[0].result == first


def test_failed_files_are_tried_again_only_when_asked(uploads: Path) -> None:
    well: list[str] = []

    def moody(file: Path) -> Made:
        if file.name not in well:
            raise BadImage("Not today.", reason="not_an_image")
        return draw(file)

    batch = batch_of(uploads, "a.png", "b.png", work=moody)
    batch.start()
    assert settled(batch).count("failed") == 2
    well.append("a.png")
    batch.start()
    assert settled(batch).count("failed") == 2
    batch.start(failed=True)
    assert settled(batch).count("done") == 1 and batch.items[0].error is None


def test_a_full_line_is_waited_for(uploads: Path) -> None:
    refusals = iter([True, True, False])

    def crowded(file: Path) -> Made:
        if next(refusals):
            raise Busy("Full.", reason="queue_full", retry_after=0.01, waiting=64)
        return draw(file)

    batch = batch_of(uploads, "a.png", work=crowded)
    batch.start()
    assert settled(batch).count("done") == 1


def test_a_closed_tab_and_a_full_disk_end_the_work(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.batch.runner.FREE_BYTES", 1 << 60)
    batch = batch_of(uploads, "a.png")
    batch.start()
    error = settled(batch).items[0].error
    assert error and error.reason == "disk_full"
    monkeypatch.setattr("ui.batch.runner.ABANDONED_SECONDS", -1)
    batch = batch_of(uploads, "b.png")
    batch.start()
    assert settled(batch).state == "stopped"


def test_a_fault_of_ours_is_one_sentence(uploads: Path) -> None:
    def broken(file: Path) -> Made:
        raise ZeroDivisionError("/secret/path")

    batch = batch_of(uploads, "a.png", work=broken)
    batch.start()
    for language, words in (("en", "our side"), ("zh-CN", "服务器")):
        shown = cards_html(settled(batch), language)
        assert words in shown and "secret" not in shown


def test_the_zip_holds_every_result_once_and_the_report(uploads: Path) -> None:
    first, second = files(uploads, "a.png", "=b.png")
    again = Source("sub/A.PNG", first.path)
    batch = Batch([first, second, again, *files(uploads, "bad.png")], draw, parameters={"style": "anime"})
    batch.start()
    settled(batch)
    pack(batch, "cartoon", "en")
    with zipfile.ZipFile(pack(batch, "cartoon", "en")) as archive:
        names = ["a-cartoon.png", "=b-cartoon.png", "A-cartoon-2.png"]
        assert archive.namelist() == [*names, "report.csv", "report.json"]
        assert archive.read(names[0]) == PICTURE
        rows = list(csv.DictReader(archive.read("report.csv").decode("utf-8-sig").splitlines()))
        report = json.loads(archive.read("report.json"))
    assert [row["status"] for row in rows] == ["done"] * 3 + ["failed"]
    assert rows[1]["file"] == "'=b.png" and rows[0]["faces"] == "0" and "not an image" in rows[3]["message"]
    assert report["settings"] == {"style": "anime"} and report["files"][2]["file"] == "sub/A.PNG"
    assert len(list(uploads.rglob("*.zip"))) == 1


def test_markup_in_names_stays_text(uploads: Path) -> None:
    batch = Batch([Source('<img src=x onerror="a()">', uploads / "none")], draw, parameters={})
    assert "<img src=x" not in cards_html(batch, "en") + rows_html(batch, "en")


def test_a_batch_is_the_visitors_own_and_goes_with_its_files(uploads: Path) -> None:
    batches, batch = Batches(), batch_of(uploads, "a.png")
    batches.start("me", "cartoon", batch)
    settled(batch)
    assert batches.get("me", "cartoon") is batch
    assert batches.get("you", "cartoon") is None and batches.get("me", "matting") is None
    result = batch.items[0].result
    assert result and result.is_file()
    batches.drop("me", "cartoon")
    assert batches.get("me", "cartoon") is None and not result.exists()


def test_batches_end_with_the_retention_time(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches, batch = Batches(), batch_of(uploads, "a.png")
    batches.start("me", "cartoon", batch)
    settled(batch)
    batch.used_at -= 31 * 60
    assert batches.get("me", "cartoon") is None


def test_too_many_batches_at_once_are_refused(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.batch.registry.RUNNING_LIMIT", 1)
    batches, go = Batches(), threading.Event()

    def slow(file: Path) -> Made:
        go.wait(10)
        return draw(file)

    first = batch_of(uploads, "a.png", "b.png", work=slow)
    batches.start("me", "cartoon", first)
    with pytest.raises(Busy, match="running already"):
        batches.start("you", "cartoon", batch_of(uploads, "c.png"))
    batches.stop()
    go.set()
    assert settled(first).state == "stopped"


def test_a_click_waits_for_one_file_of_a_batch_at_most(uploads: Path) -> None:
    gate, passes = ModelQueue(), []

    def drawn(file: Path) -> Made:
        with gate.enter("here batch"):
            passes.append(file.name)
            time.sleep(0.02)
        return draw(file)

    batch = batch_of(uploads, *(f"{number}.png" for number in range(12)), work=drawn)
    batch.start()
    for _ in range(4):
        time.sleep(0.03)
        before = len(passes)
        with gate.enter("here click"):
            assert len(passes) <= before + 1
    batch.cancel()
    settled(batch)
