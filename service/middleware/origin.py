"""Whether a request comes from our own page: where the browser has it from, held against how the server was asked."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from service.middleware.client_address import is_from_proxy

_SAFE = ("GET", "HEAD", "OPTIONS")
_TEXT = (
    "Requests from pages of other sites are not taken: the page is at {origin}, and the server was asked as {host}. If "
    "these are one and the same, name the proxy between them with --trusted-proxy, or have it send the Host header as "
    "it came (nginx: proxy_set_header Host $http_host)."
)


def foreign(scope: Scope) -> str | None:
    """A sentence where a page of another origin asks for more than to read, else None. Programs send no Origin."""
    headers = Headers(scope=scope)
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is None or scope["method"] in _SAFE:
        return None
    # The browser's own word, where it gives one (https and localhost): no page can write this header.
    if headers.get("sec-fetch-site") == "same-origin" or _is_at(origin, host):
        return None
    if is_from_proxy(scope) and _is_before_proxy(origin, headers):
        return None
    return _TEXT.format(origin=origin[:200], host=host)


def _is_before_proxy(origin: str, headers: Headers) -> bool:
    """Whether `origin` is where a trusted proxy says it was asked. Many send no port, as nginx's `$host` has none: the
    port is theirs then, whichever it is, unless the browser says that the page is another's."""
    told = headers.get("x-forwarded-host") or headers.get("host", "")
    port = headers.get("x-forwarded-port")
    for host in map(str.strip, told.split(",")):
        if port and not _has_port(host):
            host = f"{host}:{port}"
        if _is_at(origin, host):
            return True
        if not _has_port(host) and "sec-fetch-site" not in headers and _name(origin) == _name(f"//{host}"):
            return True
    return False


def _is_at(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
        return _address(parts.netloc, parts.scheme) == _address(host, parts.scheme)
    except ValueError:
        return False


def _address(netloc: str, scheme: str) -> tuple[str | None, int]:
    parts = urlsplit(f"//{netloc}")
    return parts.hostname, parts.port or (443 if scheme == "https" else 80)


def _has_port(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").port is not None
    except ValueError:
        return True


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
