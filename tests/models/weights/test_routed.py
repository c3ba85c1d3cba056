"""The hub is asked through a real proxy of either kind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import WeightsError
from models.weights.hub import Hub
from models.weights.proxies import proxies_of
from models.weights.store import Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_proxy import FakeProxy
from tests.helpers.fake_weights import ANIME, IMPATIENT, contents, locate, make_store


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub({ANIME.id: contents(ANIME)}) as hub:
        yield hub


@pytest.fixture
def store(hub: FakeHub, tmp_path: Path) -> Store:
    """Its hub has a name that only a proxy knows."""
    return replace(make_store(tmp_path), endpoint=hub.endpoint.replace("127.0.0.1", "hub.invalid"), mode="hub")


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h", "socks"])
def test_a_model_is_fetched_through_the_proxy(store: Store, hub: FakeHub, scheme: str) -> None:
    with FakeProxy() as proxy:
        found = locate(replace(store, proxies=proxies_of({"ALL_PROXY": f"{scheme}://{proxy.address}"})), ANIME)
    assert {name: (found.folder / name).read_bytes() for name in found.files} == contents(ANIME)
    assert set(proxy.asked) == {f"hub.invalid:{hub.server.server_address[1]}"}


def test_a_hub_on_this_machine_is_asked_without_one(store: Store, hub: FakeHub) -> None:
    proxies = proxies_of({"ALL_PROXY": "http://127.0.0.1:9"})
    assert locate(replace(store, endpoint=hub.endpoint, proxies=proxies), ANIME).source == "hub"


@pytest.mark.parametrize("value", [":::", "socks4://127.0.0.1:1", "http://127.0.0.1:9", "socks5://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_asked_is_told_in_the_models_error(store: Store, value: str) -> None:
    with pytest.raises(WeightsError, match=r"The hub http://hub\.invalid:\d+ cannot be ") as told:
        locate(replace(store, proxies=proxies_of({"HTTP_PROXY": value})), ANIME)
    assert told.value.reason == "hub_unreachable"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_what_is_no_proxy_at_all_is_told_too(store: Store, hub: FakeHub, scheme: str, tmp_path: Path) -> None:
    """A hub in a proxy's place answers what no proxy would."""
    proxies = proxies_of({"ALL_PROXY": hub.endpoint.replace("http:", f"{scheme}:")})
    https = Hub("https://hub.invalid", IMPATIENT, proxies)
    with pytest.raises(WeightsError) as told:
        https.fetch(ANIME, tmp_path / "landing", lambda done, total: None)
    assert told.value.reason == "hub_unreachable", json.dumps(told.value.message)
