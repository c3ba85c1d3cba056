"""Parts of the page that stand in its HTML: Gradio puts those of `head=` in only after it has chosen a language, and
draws nothing before its scripts are there."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD, APP = b"<head>", b"<gradio-app"


class EarlyParts:
    """Puts `head` at the start of every HTML page's head, and what `top` makes before what Gradio draws."""

    def __init__(self, app: ASGIApp, head: str, top: Callable[[], str]) -> None:
        self.app = app
        self._head, self._top = head.encode(), top

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = _Page(send, self._with_parts)
        await self.app(scope, receive, page.send if scope["type"] == "http" else send)

    def _with_parts(self, html: bytes) -> bytes:
        return html.replace(HEAD, HEAD + self._head, 1).replace(APP, self._top().encode() + APP, 1)


class _Page:
    """One answer: HTML is held back until it is whole, everything else passes."""

    def __init__(self, send: Send, change: Callable[[bytes], bytes]) -> None:
        self._send, self._change = send, change
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._change(self._body)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return MutableHeaders(raw=list(start["headers"])).get("content-type", "").startswith("text/html")
