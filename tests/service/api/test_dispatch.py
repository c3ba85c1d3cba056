"""Where REST meets the models: taken or refused before anything is decoded, answered with its timings."""

import asyncio
import io
import threading
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import Request, UploadFile
from fastapi.responses import Response

from models.cartoon import Stylized
from models.errors import Busy, NotReady
from models.runtime.fair_queue import ModelQueue
from models.runtime.resident import Resident
from models.tasks.base import STAGES
from models.tasks.cartoon import CARTOON, Options
from service.api.dispatch import Dispatcher
from service.api.fields import Asked
from service.metrics import Metrics
from tests.helpers.picture_makers import PNG

Draw = list[np.ndarray]


class Gated:
    """A pipeline that draws once the gate is open."""

    def __init__(self) -> None:
        self.begun, self.gate = threading.Event(), threading.Event()
        self.drawn = 0

    def stylize(self, pictures: Draw) -> list[Stylized]:
        self.begun.set()
        assert self.gate.wait(10)
        self.drawn += 1
        return [Stylized(picture, ()) for picture in pictures]


class Asking:
    """A dispatcher for one gated pipeline with a short queue."""

    def __init__(self, folder: Path, *, waiting: int, share_percent: int = 100) -> None:
        self.pipeline = Gated()
        queue = ModelQueue(waiting=waiting, share_percent=share_percent)
        resident: Resident[Any] = Resident("cartoon", queue=queue)
        resident.configure(lambda slot: self.pipeline)
        resident.load()
        self._dispatcher = Dispatcher({"cartoon": resident}, Metrics({"cartoon": resident}, [folder]))

    def ask(self, address: str, *, hangs_up: bool = False, file: bytes = PNG) -> Awaitable[Response]:
        async def receive() -> dict[str, str]:
            if not hangs_up:
                await asyncio.Future()
            return {"type": "http.disconnect"}

        scope = {"type": "http", "client": (address, 1), "headers": []}
        asked = Asked(CARTOON, Options(), (UploadFile(io.BytesIO(file)),))
        return self._dispatcher.answer(Request(scope, receive), asked)


def test_an_answer_has_the_headers_of_the_contract(tmp_path: Path) -> None:
    asking = Asking(tmp_path, waiting=1)
    asking.pipeline.gate.set()
    answer = asyncio.run(asking.ask("192.0.2.1"))  # type: ignore[arg-type]
    assert (answer.media_type, answer.headers["x-faces"]) == ("image/png", "0")
    assert answer.headers["cache-control"] == "no-store"
    assert [part.split(";")[0] for part in answer.headers["server-timing"].split(", ")] == list(STAGES)


def test_a_full_line_refuses_before_the_file_is_looked_at_and_is_free_afterwards(tmp_path: Path) -> None:
    async def crowd(asking: Asking) -> None:
        taken = [asyncio.ensure_future(asking.ask(f"192.0.2.{number}")) for number in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await asking.ask("192.0.2.9", file=b"no picture")
        assert refused.value.reason == "queue_full"
        asking.pipeline.gate.set()
        assert [(await answer).status_code for answer in taken] == [200, 200]
        assert (await asking.ask("192.0.2.9")).status_code == 200

    asyncio.run(crowd(Asking(tmp_path, waiting=1)))


def test_one_visitor_has_a_share_of_the_line(tmp_path: Path) -> None:
    async def crowd(asking: Asking) -> None:
        taken = [asyncio.ensure_future(asking.ask("192.0.2.1")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await asking.ask("192.0.2.1")
        assert refused.value.reason == "share_full"
        taken.append(asyncio.ensure_future(asking.ask("192.0.2.2")))
        asking.pipeline.gate.set()
        assert {answer.status_code for answer in await asyncio.gather(*taken)} == {200}

    asyncio.run(crowd(Asking(tmp_path, waiting=4, share_percent=50)))


def test_nothing_is_drawn_for_who_hung_up(tmp_path: Path) -> None:
    async def leave(asking: Asking) -> None:
        first = asyncio.ensure_future(asking.ask("192.0.2.1"))
        await asyncio.to_thread(asking.pipeline.begun.wait, 10)
        with pytest.raises(NotReady, match="gone"):
            await asking.ask("192.0.2.2", hangs_up=True)
        asking.pipeline.gate.set()
        await first
        assert asking.pipeline.drawn == 1

    asyncio.run(leave(Asking(tmp_path, waiting=4)))
