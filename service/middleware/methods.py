"""What HTTP says of methods: HEAD answers where GET does; one that a route does not have is 405, with those it has."""

from typing import Final

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics
from service.middleware.refusal import refuse

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
OURS: Final = ("/api/", "/v2", "/livez", "/readyz", "/metrics", "/docs", "/openapi.json")  # not the page's


class Methods:
    """The layer before the routes of `routed`; without it the page, mounted at the root, would answer for them."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routed: FastAPI) -> None:
        self.app = app
        self.metrics = metrics
        self._routed = routed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(OURS):
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        if self._has(scope, scope["method"]):
            await self.app(scope, receive, send)
            return
        self.metrics.rejected("bad_request")
        allowed = [method for method in METHODS if self._has(scope, method)]
        if not allowed:
            await refuse(receive, send, 404, "not_found", "There is nothing at this address: /docs lists the routes.")
            return
        allowed = ["HEAD", *allowed] if "GET" in allowed else allowed
        text = f"There is no {scope['method'][:20]} here: choose from {', '.join(allowed)}."
        await refuse(receive, send, 405, "method_not_allowed", text, allow=", ".join(allowed))

    def _has(self, scope: Scope, method: str) -> bool:
        """A path of its own goes before one with a parameter: `jobs/cartoon` is no job."""
        if told := self._routed.openapi()["paths"].get(scope["path"]):
            return method.lower() in told
        asked = {**scope, "method": method}
        routes = (route for route in self._routed.routes if not isinstance(route, Mount))
        return any(route.matches(dict(asked))[0] is Match.FULL for route in routes)


def _without_body(send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headed
