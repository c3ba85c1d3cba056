"""The queue sleeps until a job comes."""

import asyncio

import pytest

pytest.importorskip("gradio")


def test_an_idle_queue_is_not_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    import gradio as gr

    from ui.gradio_patches.queue import WokenQueue

    looked = 0

    def look(self: WokenQueue) -> None:
        nonlocal looked
        looked += 1

    async def half_a_second() -> None:
        queue = WokenQueue(gr.Blocks(), threads=2)
        queue.start()
        await asyncio.sleep(0.5)
        assert looked == 1
        queue.close()
        await asyncio.sleep(0)

    monkeypatch.setattr(WokenQueue, "get_events", look)
    asyncio.run(half_a_second())


def test_the_page_lets_many_visitors_wait_and_sliders_move() -> None:
    from ui.page import THREADS, build

    assert build([])._queue.max_thread_count == THREADS
