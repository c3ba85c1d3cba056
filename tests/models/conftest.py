"""A store with an empty cache, and a hub that has a cartoon and the emotion model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.engines import Compute
from models.weights.store import Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import ANIME, EMOTION, contents, make_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub({model.id: contents(model) for model in (ANIME, EMOTION)}) as hub:
        yield hub


@pytest.fixture
def asides(tmp_path: Path) -> tuple[list[float], Compute]:
    seen: list[float] = []
    return seen, Compute("f32", 2, tmp_path, seen.append)
