"""A refusal below FastAPI reaches clients that are still sending, and has an end."""

import asyncio
import json

import pytest
from starlette.types import Message

from service.middleware import refusal


def refused(*chunks: bytes, ends: bool = True) -> tuple[list[Message], int]:
    """What is sent, and how many chunks were taken, from a client that sends `chunks` and then stops or hangs."""
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": True} for body in chunks]

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        if not ends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(refusal.refuse(receive, send, 429, "busy", "Wait.", retry_after=7))
    return sent, len(chunks) - len(waiting)


def test_the_answer_is_sent_first_and_what_still_comes_is_thrown_away() -> None:
    (start, first, last), taken = refused(b"x" * 1000, b"y" * 1000)
    headers = dict(start["headers"])
    assert (start["status"], headers[b"retry-after"], headers[b"connection"]) == (429, b"7", b"close")
    assert json.loads(first["body"])["error"] == {"code": "busy", "message": "Wait."}
    assert taken == 2 and last["more_body"] is False


def test_endless_bodies_and_silent_clients_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "DISCARD_BYTES", 3000)
    _, taken = refused(*[b"x" * 1000] * 9)
    assert taken == 3
    monkeypatch.setattr(refusal, "DISCARD_SECONDS", 0.01)
    (*_, last), _ = refused(ends=False)
    assert last["more_body"] is False
