"""One studio on easy pipelines for all commands of a file."""

from collections.abc import Iterator

import pytest

from tests.helpers.running import standin


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standin(tmp_path_factory.mktemp("studio")) as address:
        yield address
