"""An answer that is held comes whole, changed and with its length; another passes as it comes."""

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.types import Message

from ui.gradio_patches.whole_answers import WholeAnswer


class Upper(WholeAnswer):
    def holds(self, status: int, headers: MutableHeaders) -> bool:
        headers["x-seen"] = "yes"
        return status == 200

    async def changed(self, body: bytes, headers: MutableHeaders) -> bytes:
        headers["x-changed"] = "yes"
        return body.upper() + b"!"


def answered(status: int) -> list[Message]:
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def answer() -> None:
        upper = Upper(send)
        await upper.send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"4")]})
        await upper.send({"type": "http.response.body", "body": b"ab", "more_body": True})
        await upper.send({"type": "http.response.body", "body": b"cd"})

    asyncio.run(answer())
    return told


def test_what_is_held_is_sent_once_and_whole() -> None:
    start, body = answered(200)
    headers = MutableHeaders(raw=start["headers"])
    assert (headers["content-length"], headers["x-seen"], headers["x-changed"]) == ("5", "yes", "yes")
    assert body["body"] == b"ABCD!"


def test_what_is_not_held_passes_in_its_parts() -> None:
    start, *bodies = answered(404)
    assert MutableHeaders(raw=start["headers"])["content-length"] == "4"
    assert [message["body"] for message in bodies] == [b"ab", b"cd"]
