"""Who may come in: a login for every door, a token for programs. Probes and metrics stay open."""

import base64
import binascii
import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.metrics import Metrics
from service.middleware.refusal import refuse

REST = "/api/v1/"
_OPEN = ("/livez", "/readyz", "/metrics", "/v2/health/")


class Auth:
    """With `auth` (user, password) every page, file and job asks for it; with `token` REST asks for that. Who shows
    either one is let into REST where both are set."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, auth: tuple[str, str] | None, token: str | None) -> None:
        self.app = app
        self.metrics = metrics
        self._auth = auth
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_OPEN) or self._welcome(scope):
            await self.app(scope, receive, send)
            return
        self.metrics.rejected("unauthorized")
        if self._auth:
            text, way = "Send the user and password of this server.", 'Basic realm="Prewarm", charset="UTF-8"'
        else:
            text, way = "Send the API token as 'Authorization: Bearer TOKEN'.", "Bearer"
        await refuse(receive, send, 401, "unauthorized", text, authenticate=way)

    def _welcome(self, scope: Scope) -> bool:
        asked = self._auth is not None or (self._token is not None and scope["path"].startswith(REST))
        return not asked or self._knows(Headers(scope=scope).get("authorization", ""))

    def _knows(self, given: str) -> bool:
        kind, _, secret = given.partition(" ")
        if self._token is not None and kind.lower() == "bearer":
            return _same(secret, self._token)
        if self._auth is not None and kind.lower() == "basic":
            return _same(_decoded(secret), ":".join(self._auth))
        return False


def _decoded(secret: str) -> str:
    try:
        return base64.b64decode(secret, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
