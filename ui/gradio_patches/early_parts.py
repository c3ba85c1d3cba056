"""Parts of the page that stand in its HTML: Gradio puts those of `head=` in only after it has chosen a language, and
draws nothing before its scripts are there."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.gradio_patches.whole_answers import WholeAnswer

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


class _Page(WholeAnswer):
    def __init__(self, send: Send, change: Callable[[bytes], bytes]) -> None:
        super().__init__(send)
        self._change = change

    def holds(self, status: int, headers: MutableHeaders) -> bool:
        return headers.get("content-type", "").startswith("text/html")

    async def changed(self, body: bytes, headers: MutableHeaders) -> bytes:
        return self._change(body)
