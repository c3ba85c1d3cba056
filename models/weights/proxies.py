"""The proxies that the environment names, for requests that leave this machine: to the hub, or to a studio elsewhere.

httpx would read the environment by itself, in Gradio's import too, and fail over much of what other programs take there
(`socks4://`, `[::1]` in no_proxy). So the variables are read here, and libraries that read them are not shown them.
"""

import ipaddress
import re
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

KINDS = ("http", "https", "socks5", "socks5h")
PORTS = {"http": 80, "https": 443}
_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class ProxyError(Exception):
    """A variable names no proxy that can be asked: one sentence with the remedy."""


@dataclass(frozen=True)
class Proxies:
    """`variables` holds the name and the value of each that is set, by the name in small letters."""

    variables: Mapping[str, tuple[str, str]]

    def towards(self, url: str) -> str | None:
        """The address of the proxy for a request to `url`, None for none: never for this machine itself. Raises
        ProxyError."""
        address = urlsplit(url)
        host = (address.hostname or "").rstrip(".")
        named = self.variables.get(f"{address.scheme}_proxy") or self.variables.get("all_proxy")
        if named is None or _is_here(host) or self._is_exempt(host, address.port or PORTS.get(address.scheme)):
            return None
        return _checked(*named)

    def _is_exempt(self, host: str, port: int | None) -> bool:
        entries = self.variables.get("no_proxy", ("", ""))[1]
        return any(_covers(entry, host, port) for entry in re.split(r"[\s,]+", entries.lower()) if entry)


NO_PROXIES = Proxies({})


def proxies_of(environ: Mapping[str, str]) -> Proxies:
    """What the variables say; a name in small letters goes before one in capitals, as with curl."""
    found = {}
    for name in _VARIABLES:
        given = next((spelled for spelled in (name, name.upper()) if spelled in environ), None)
        if given and environ[given].strip():
            found[name] = given, environ[given].strip()
    return Proxies(found)


def withhold(environ: MutableMapping[str, str]) -> None:
    """Take the variables out of `environ`."""
    for name in _VARIABLES:
        environ.pop(name, None)
        environ.pop(name.upper(), None)


def without_login(address: str) -> str:
    """An address as strangers may see it, whatever signs its password has."""
    return re.sub(r"^(.*?://)?.*@", r"\1", address)


def _checked(variable: str, value: str) -> str:
    """The proxy's address as httpx takes it."""
    bare = "://" not in value
    whole = re.sub(r"^socks://", "socks5://", f"http://{value}" if bare else value, flags=re.IGNORECASE)
    with suppress(ValueError):  # no number for a port, an open bracket
        parts = urlsplit(whole)
        known = parts.scheme in KINDS and parts.hostname and parts.port != 0
        if known and whole.isprintable() and " " not in whole and not (bare and parts.path.strip("/")):
            return whole
    raise ProxyError(
        f"{variable} names '{without_login(value)}', which is no proxy of a known kind; "
        "give http://HOST:PORT or socks5://HOST:PORT, or unset it"
    )


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        return address.is_loopback or address.is_unspecified
    return False


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of no_proxy (`*`, a name, an address, a network, any of them with a port) means this host."""
    if entry == "*":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    name, _, number = entry.rpartition(":") if re.search(r"[^:]:\d+$", entry) else (entry, "", "")
    name = name.strip("[]").removeprefix("*").strip(".")
    return (host == name or host.endswith(f".{name}")) and number in ("", str(port))
