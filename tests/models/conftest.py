"""A store with an empty cache, a hub that has a cartoon and the emotion model, and voices' models, converted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.engines import Compute, Precision
from models.weights.store import SAMPLES, Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import ANIME, EMOTION, contents, make_store

if TYPE_CHECKING:
    from models.emotion import Emotion


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Emotion models by name: the sample, and the published architecture with random weights."""
    from tests.helpers.standins_emotion import random_model, real_conf

    return {"sample": SAMPLES / "emotion", "random": random_model(tmp_path_factory.mktemp("random"), real_conf())}


@pytest.fixture(scope="session")
def engine(folders: dict[str, Path], of_the_run: Path) -> Callable[..., Emotion]:
    """Opens one on OpenVINO; each is converted once for all processes of a run."""

    @cache
    def opened(weights: str, precision: Precision = "f32") -> Emotion:
        from models.emotion import Emotion

        return Emotion(folders[weights], compute=Compute(precision, 2, of_the_run / "emotion" / weights))

    return opened


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
