"""How a studio is asked, at home and elsewhere: options as form fields, refusals by their code."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.client import Client, Refused, Reply, Unavailable, _at_once, _Unwaited
from models.runtime import at_once
from models.tasks import TASKS

Handler = Callable[[httpx.Request], httpx.Response]


def ask(handler: Handler, **given: Any) -> Reply:
    async def asking() -> Reply:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://studio") as routes:
            return await Client(routes, TASKS["id_photo"]).ask(b"PHOTO", given)

    return asyncio.run(asking())


def test_options_go_as_fields_and_files_without_their_names(tmp_path: Path) -> None:
    (tmp_path / "beach.jpg").write_bytes(b"BEACH")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"made", headers={"X-Fits": "0", "X-Model-Source": "hub"})

    reply = ask(answer, feather=False, id_zoom=1.2, background_image=tmp_path / "beach.jpg")
    body = seen[0].content
    assert seen[0].url.path == "/api/v1/id_photo"
    assert all(part in body for part in (b"PHOTO", b"BEACH", b"\r\nfalse\r\n", b"\r\n1.2\r\n"))
    assert b"beach.jpg" not in body
    assert (reply.content, reply.source, reply.fact("fits"), reply.fact("faces")) == (b"made", "hub", 0, None)


def test_a_full_studio_is_asked_again() -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, content=b"made")]
    assert ask(lambda request: answers.pop(0)).content == b"made"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(400, json={"error": {"code": "bad_image", "message": "No picture."}}), "bad_image"),
        (httpx.Response(502, text="<html>"), "unexpected"),
    ],
)
def test_a_refusal_has_its_code(answer: httpx.Response, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(lambda request: answer)
    assert refused.value.code == code


def test_a_studio_that_went_away_is_unavailable() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone")

    with pytest.raises(Unavailable, match="went away"):
        ask(answer)


@pytest.mark.parametrize(
    ("answer", "files"),
    [
        (httpx.Response(200, json={"models": {"matting": {"device": "cuda:1"}}}), at_once.files("cuda:1")),
        (httpx.Response(503, json={"models": {"matting": {"device": None}}}), 1),
        (httpx.Response(200, json={"models": {"matting": {"device": "cpu"}}}), 1),
        (httpx.Response(200, json=["no studio of ours"]), 1),
        (httpx.Response(404, text="<html>"), 1),
    ],
)
def test_a_studio_on_a_gpu_is_given_several_files_at_once(answer: httpx.Response, files: int) -> None:
    async def asking() -> int:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer), base_url="http://s") as routes:
            return await _at_once(routes, TASKS["id_photo"])

    assert asyncio.run(asking()) == files


def test_the_end_does_not_wait_for_a_model_that_is_loading() -> None:
    loaded = threading.Event()

    async def interrupted() -> None:
        asyncio.get_running_loop().set_default_executor(_Unwaited())
        asyncio.get_running_loop().run_in_executor(None, loaded.wait)

    asyncio.run(interrupted())
    assert not loaded.is_set()
    loaded.set()
