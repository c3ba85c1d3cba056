"""A studio on sample models, and a headless Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.browser_studio import chromium as headless
from tests.helpers.browser_studio import running, wait_until_ready


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the results of the studio stay."""
    return tmp_path_factory.mktemp("results") / "outputs"


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory, outputs: Path, lent: Callable[[Path], Path]) -> Iterator[str]:
    """Address of a running studio; its models may still be loading."""
    folder = tmp_path_factory.mktemp("studio")
    lent(folder / "cache")
    with running(folder, "--models", "sample", "--threads", "2", "--outputs", str(outputs)) as address:
        yield address


@pytest.fixture(scope="session")
def ready_studio(studio: str) -> str:
    """The same with every model ready."""
    wait_until_ready(studio)
    return studio


@pytest.fixture(scope="module")  # no longer: Playwright's event loop would run beside the other tests
def chromium() -> Iterator[Any]:
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    with headless() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor: `visit(address, locale="zh-CN", width=390)`; `script` runs before the page's."""
    contexts = []

    def visit(
        address: str, *, locale: str = "en-US", width: int = 1280, scheme: str = "light", script: str = ""
    ) -> Any:
        context = chromium.new_context(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.wait_for_selector("#cartoon-run")
        return page

    yield visit
    for context in contexts:
        context.close()
