"""A batch goes on past bad files, stops at the next one, takes up what is left, and belongs to one visitor."""

import threading
import time
from pathlib import Path

import pytest

from models.errors import BadImage, Busy
from models.runtime import at_once
from models.runtime.fair_queue import ModelQueue
from tests.helpers.batches import batch_of, draw, settled
from ui.batch.html import cards_html, progress_html, rows_html
from ui.batch.runner import Made


def test_one_bad_file_ends_nothing_and_says_why(uploads: Path) -> None:
    batch = batch_of(uploads, "a.png", "bad.png", "照片.png")
    batch.start()
    assert settled(batch).state == "finished"
    assert [item.state for item in batch.items] == ["done", "failed", "done"]
    assert batch.items[2].result and batch.items[2].result.name == "照片.cartoon.png"
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


class Gathering:
    """Work of which nothing is done before `together` are in it, as on a GPU that gathers them."""

    def __init__(self, together: int) -> None:
        self.barrier = threading.Barrier(together, timeout=10)
        self.worked: list[str] = []

    def __call__(self, file: Path) -> Made:
        self.worked.append(file.name)
        self.barrier.wait()
        return draw(file)


def test_several_are_under_way_where_the_device_wants_them(uploads: Path) -> None:
    """Results are named by the order of the files, and one bad one costs only itself."""
    work = Gathering(3)
    batch = batch_of(uploads, "a.png", "bad.png", "c.png", "a.jpg", "d.png", "A.webp", work=work, at_once=lambda: 3)
    batch.start()
    assert settled(batch).state == "finished"
    names = [item.result and item.result.name for item in batch.items]
    assert names == ["a.cartoon.png", None, "c.cartoon.png", "a-2.cartoon.png", "d.cartoon.png", "A-3.cartoon.png"]
    assert batch.items[1].error and set(work.worked[:3]) == {"a.png", "bad.png", "c.png"}


def test_several_stop_together_and_go_on_with_as_many(uploads: Path) -> None:
    go, begun, worked = threading.Event(), threading.Semaphore(0), list[str]()

    def slow(file: Path) -> Made:
        worked.append(file.name)
        begun.release()
        assert go.wait(10)
        return draw(file)

    batch = batch_of(uploads, *(f"{number}.png" for number in range(7)), work=slow, at_once=lambda: 3)
    batch.start()
    for _ in range(3):
        assert begun.acquire(timeout=10)
    batch.cancel()
    assert batch.state == "stopping" and batch.count("running") == 3
    go.set()
    assert settled(batch).state == "stopped" and len(worked) == 3
    batch._work = Gathering(2)
    batch.start()
    assert settled(batch).state == "finished" and batch.count("done") == 7


def test_a_gpu_that_is_lost_in_the_midst_leaves_one_at_a_time(uploads: Path) -> None:
    device, inside, most = [3], list[str](), list[int]()

    def work(file: Path) -> Made:
        inside.append(file.name)
        most.append(len(inside))
        time.sleep(0.005)
        inside.remove(file.name)
        device[:] = [1]
        return draw(file)

    batch = batch_of(uploads, *(f"{number}.png" for number in range(9)), work=work, at_once=lambda: device[0])
    batch.start()
    assert settled(batch).count("done") == 9
    assert set(most[-4:]) == {1}


def test_a_click_has_its_place_beside_several_of_a_batch(uploads: Path) -> None:
    gate, go = ModelQueue(running=at_once.GPU_CLICKS), threading.Event()

    def drawn(file: Path) -> Made:
        with gate.enter("here batch"):
            assert go.wait(10)
        return draw(file)

    batch = batch_of(uploads, *"abcdefgh", work=drawn, at_once=lambda: at_once.files("cuda"))
    batch.start()
    while gate.running < at_once.files("cuda"):
        time.sleep(0.001)
    with gate.enter("here click"):
        assert gate.running == at_once.GPU_CLICKS
    go.set()
    assert settled(batch).count("done") == 8
