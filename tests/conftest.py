"""What holds for every test, and for the programs that tests start."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from ui.gradio_patches import no_stubs

ROOT = Path(__file__).parents[1]
TOLD = "told.txt"


def pytest_configure() -> None:
    # Threads of torch that wait for each other spin, which beside other tests takes several times the work itself.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    no_stubs.skip()


@cache
def needs_tensorflow(file: str) -> bool:
    """By itself, with the stock pipelines or for making weights."""
    return any(sign in (ROOT / file).read_text() for sign in ("mark.stock", "import standins", "tools.sample_"))


class ByFile(LoadFileScheduling):
    """Files go to processes in their order; those that need TensorFlow all to one, as importing it and what stock
    pipelines bring takes 20 s."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "TensorFlow" if needs_tensorflow(file) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def first_start(of_the_run: Path) -> Path:
    """The cache of a first start on the samples, made once for all processes of a run; TOLD holds what it printed."""
    from models.weights import artifact_cache

    made = of_the_run / "first-start" / "cache"
    assert artifact_cache.keep(made, _start)
    return made


@pytest.fixture(scope="session")
def standin_cartoon(of_the_run: Path) -> Path:
    """A cartoon model of the published architecture with random weights, made once: TensorFlow takes seconds."""
    from models.weights import artifact_cache

    def make(folder: Path) -> None:
        from benchmarks import standins

        standins.write_cartoon(folder)

    made = of_the_run / "standins" / "cartoon"
    assert artifact_cache.keep(made, make)
    return made


def _start(cache: Path) -> None:
    command = [sys.executable, "preload.py", "--models", "sample", "--cache", str(cache)]
    environment = {**os.environ, "PREWARM_PRELOAD": "default"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    (cache / TOLD).write_text(done.stdout)


@pytest.fixture(scope="session")
def lent(first_start: Path) -> Callable[[Path], Path]:
    """Gives a cache, to be made or empty, what the first start has prepared: converting takes seconds of every core."""

    def lend(cache: Path) -> Path:
        shutil.copytree(first_start / "artifacts", cache / "artifacts", ignore=shutil.ignore_patterns("starts-*"))
        return cache

    return lend
