"""A studio on sample models, and a headless Chromium."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.helpers.browser_studio import chromium as headless
from tests.helpers.browser_studio import running, wait_until_ready


class Look(NamedTuple):
    locale: str
    width: int
    scheme: str

    def context(self, browser: Any) -> Any:
        screen = {"width": self.width, "height": 900}
        return browser.new_context(locale=self.locale, color_scheme=self.scheme, viewport=screen)


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


@pytest.fixture(scope="module")
def left(chromium: Any) -> dict[Look, list[Any]]:
    """Contexts that nobody uses any more, by their looks: another visitor in one has the page's scripts already."""
    return defaultdict(list)


@pytest.fixture
def visit(chromium: Any, left: dict[Look, list[Any]]) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor: `visit(address, locale="zh-CN", width=390)`; `script` runs before the page's."""
    used = []

    def visit(
        address: str, *, locale: str = "en-US", width: int = 1280, scheme: str = "light", script: str = ""
    ) -> Any:
        look = Look(locale, width, scheme)
        context = left[look].pop() if left[look] else look.context(chromium)
        used.append((look, context))
        page = context.new_page()
        forget(page, address)
        page.add_init_script(script)
        page.set_default_timeout(60_000)
        page.goto(address)
        page.wait_for_selector("#cartoon-run")
        return page

    yield visit
    for look, context in used:
        for page in context.pages:
            page.close()
        left[look].append(context)


def forget(page: Any, address: str) -> None:
    """Whatever the studio stored in the page's context."""
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage,indexeddb"})
    session.detach()
