"""Who asks: the address behind the proxies that are trusted, never one that a stranger wrote into a header."""

import ipaddress
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_FROM_PROXY = "prewarm_from_proxy"
IPV6_PREFIX = 64  # what one household gets; a limit by single address would limit nobody


class Visitors:
    """The layer that puts the visitor's address into `scope["client"]`, where everything behind it looks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            host, port = scope["client"][:2]
            scope["client"] = (household(host), port)
        await self.app(scope, receive, send)


class Proxies:
    """The layer that marks what trusted proxies hand on, and has them tell the visitor's address."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._told = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[_FROM_PROXY] = address_of(scope) in self._told.trusted_hosts
        await self._told(scope, receive, send)  # type: ignore[arg-type]


def behind(app: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """`app` told the visitors' own addresses by `proxies` (addresses or networks), and by nobody else."""
    seen = Visitors(app)
    return Proxies(seen, proxies) if proxies else seen


def is_from_proxy(scope: Scope) -> bool:
    """Whether a trusted proxy handed the request on, so that what it says of the visitor is true."""
    return bool(scope.get(_FROM_PROXY))


def household(host: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False).network_address)


def address_of(scope: Scope) -> str:
    """The visitor's address; empty over a Unix socket."""
    return scope["client"][0] if scope.get("client") else ""
