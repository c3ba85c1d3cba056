"""One real process on easy pipelines, and the service within this process behind a proxy's path and a token."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from models.runtime.resident import Resident
from service import server
from tests.helpers.running import standin


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with standin(tmp_path_factory.mktemp("studio")) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    service = server.create(
        {"cartoon": Resident("cartoon")},
        tmp_path / "up",
        retention_minutes=30,
        root_path="/studio",
        access=server.Access(token="secret"),
    )
    return TestClient(service.layered(), raise_server_exceptions=False)
