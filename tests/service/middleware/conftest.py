"""One real process with a login, a token, a rate and a trusted proxy."""

from collections.abc import Iterator

import httpx
import pytest

from tests.helpers.guarded import LOGIN, PER_MINUTE
from tests.helpers.running import standin


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    flags = ["--auth", ":".join(LOGIN), "--token", "t0ken", "--rate", str(PER_MINUTE), "--trusted-proxy", "127.0.0.0/8"]
    with (
        standin(tmp_path_factory.mktemp("guarded"), *flags, page=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client
