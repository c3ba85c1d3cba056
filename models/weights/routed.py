"""The hub's HTTP client, whose every request, redirected ones too, goes by the proxy of its address."""

import httpx

from models.weights.proxies import Proxies


def client(endpoint: str, *, proxies: Proxies, connect: float, read: float) -> httpx.Client:
    """For requests to paths at `endpoint`, with seconds to connect and of silence."""
    return httpx.Client(
        base_url=endpoint if "://" in endpoint else f"https://{endpoint}",
        timeout=httpx.Timeout(read, connect=connect),
        headers={"Accept-Encoding": "identity", "User-Agent": "prewarm"},
        follow_redirects=True,
        transport=Routed(proxies),
    )


class Routed(httpx.BaseTransport):
    """One connection pool for each way out."""

    def __init__(self, proxies: Proxies) -> None:
        self._proxies = proxies
        self._ways: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ProxyError besides what httpx raises."""
        proxy = self._proxies.towards(str(request.url))
        if proxy not in self._ways:
            self._ways[proxy] = httpx.HTTPTransport(proxy=proxy)
        return self._ways[proxy].handle_request(request)

    def close(self) -> None:
        for way in self._ways.values():
            way.close()
