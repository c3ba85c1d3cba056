"""One real process on easy pipelines for all tests of the REST routes."""

from collections.abc import Iterator

import httpx
import pytest

from tests.helpers.running import standin


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with standin(tmp_path_factory.mktemp("studio")) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client
