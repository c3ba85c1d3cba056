"""Answers that are changed on their way out as a whole: their bodies are held back until nothing more comes."""

from abc import ABC, abstractmethod

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send


class WholeAnswer(ABC):
    """One answer, for `send` in place of the server's own; what is not held passes as it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    @abstractmethod
    def holds(self, status: int, headers: MutableHeaders) -> bool:
        """Whether the body is to be changed. The headers may be, of any answer."""

    @abstractmethod
    async def changed(self, body: bytes, headers: MutableHeaders) -> bytes:
        """The body that is sent instead, with those headers; its length is told for it."""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        held = self.holds(start["status"], headers)
        start = {**start, "headers": headers.raw}
        if held:
            self._start = start
        else:
            await self._send(start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        body = await self.changed(self._body, headers)
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})
