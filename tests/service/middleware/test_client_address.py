"""Who may come in, how often, and who they are behind a proxy: one real process with everything switched on."""

import asyncio
from pathlib import Path

import httpx
import pytest

from service.middleware import client_address
from tests.helpers.picture_makers import PNG
from tests.helpers.running import standin


def test_a_forwarded_address_from_a_stranger_counts_for_nothing(tmp_path: Path) -> None:
    with standin(tmp_path, "--rate", "2") as address, httpx.Client(base_url=address) as client:
        forged = [
            client.post("/api/v1/matting", files={"image": PNG}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(3)
        ]
    assert [answer.status_code for answer in forged] == [200, 200, 429]


@pytest.mark.parametrize(("proxies", "trusted"), [(["127.0.0.0/8"], True), (["192.0.2.1"], False), ([], False)])
def test_only_what_a_trusted_proxy_hands_on_is_marked(proxies: list[str], trusted: bool) -> None:
    marked: list[bool] = []

    async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        marked.append(client_address.is_from_proxy(scope))

    scope = {"type": "http", "client": ("127.0.0.1", 5), "headers": [(b"x-forwarded-for", b"198.51.100.7")]}
    asyncio.run(client_address.behind(application, proxies)(scope, None, None))  # type: ignore[arg-type]
    assert marked == [trusted]
