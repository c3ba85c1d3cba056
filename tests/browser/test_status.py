"""Loading is seen: in the strip, in the note of each tab, on the Status tab; and an open page costs nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.catalog import CATALOG, DEFAULT_VARIANT
from tests.browser.test_page import models, open_tab, upload
from tests.helpers.browser_studio import ROOT, running
from tests.helpers.drawings import png, portrait
from tests.helpers.fake_hub import FakeHub

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
STATUS = 3
MODELS = ROOT / "models"
DEFAULTS = [CATALOG[task][variant] for task, variant in DEFAULT_VARIANT.items()]
FETCHING = {
    "key": "cartoon-anime",
    "model_id": "damo/x",
    "state": "fetching",
    "bytes_done": 750_000_000,
    "bytes_total": 1_950_000_000,
    "seconds": {},
    "source": "hub",
    "served": 0,
}
FAILED = FETCHING | {"key": "matting-portrait", "state": "failed", "error": "tf_graph.pb is damaged."}
STYLE = FETCHING | {"key": "cartoon-3d", "state": "loading", "wanted": True}
LOST = STYLE | {"key": "cartoon-sketch", "state": "failed"}
CHOSEN = LOST | {"key": "cartoon-sd-design", "wanted": False}
SLOW = FETCHING | {"key": "emotion-large", "state": "ready", "start_ratio": 3.1, "slow_start": True}
ON_GPU = SLOW | {"device": "cuda:1", "device_memory_mb": 312.4, "note": "there is a GPU"}
DEVICES = {"cuda:1": {"used": 1_500_000_000, "limit": 8_000_000_000, "total": 24_000_000_000}}


def pretend(page: Any, answer: dict[str, Any]) -> None:
    """The page hears `answer` from /readyz."""
    page.route("**/readyz", lambda route: route.fulfill(status=503, body=json.dumps(answer)))
    page.reload()
    page.wait_for_selector("#cartoon-run")


@pytest.fixture
def slow_hub() -> Iterator[FakeHub]:
    """A hub that sends the sample models, each file in twelve seconds until its pace is another."""
    samples = {model.id: MODELS / "samples" / str(model.sample) for model in DEFAULTS}
    repos = {name: {path.name: path.read_bytes() for path in folder.iterdir()} for name, folder in samples.items()}
    with FakeHub(repos, file="slow", pace=0.6) as hub:
        yield hub


def test_what_a_first_visitor_sends_runs_once_the_model_is_here(
    slow_hub: FakeHub, tmp_path: Path, lent: Callable[[Path], Path], visit: Visit
) -> None:
    lent(tmp_path / "cache")
    environment = {"MODELSCOPE_ENDPOINT": slow_hub.endpoint, "MODELSCOPE_CACHE": str(tmp_path / "modelscope")}
    with running(tmp_path, "--models", "hub", "--threads", "2", **environment) as address:
        page = visit(address)
        page.get_by_text("This model is being fetched").first.wait_for()
        assert models(address)["cartoon"]["state"] == "fetching"
        upload(page, "#cartoon-photo", png(portrait()))
        page.get_by_text("runs the moment the model is ready").last.wait_for()
        slow_hub.pace = 0.0
        page.wait_for_selector("#cartoon-result img", timeout=120_000)
        assert models(address)["cartoon"]["source"] == "hub"
        page.wait_for_function("document.querySelector('.model-note').textContent === ''")


def test_bytes_errors_and_styles_are_shown_while_they_load(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    variants = {status["key"]: status for status in (STYLE, LOST, CHOSEN)}
    pretend(page, {"models": {"cartoon": FETCHING, "matting": FAILED, "emotion": SLOW}, "variants": variants})
    page.get_by_text("750.0 MB of 1.9 GB").first.wait_for()
    assert "fetching 38 %" in page.inner_text(".chip-state.fetching")
    others = page.locator("#status-strip .others")
    assert "1/5" in others.inner_text()
    told = str(others.get_attribute("title")).splitlines()  # what one visitor chose is told to that one
    assert told == ["Cartoon · 3D: loading", "Cartoon · Sketch: failed"]
    open_tab(page, STATUS)
    bar = page.get_by_role("progressbar")
    assert bar.first.get_attribute("aria-valuenow") == "38"
    assert "tf_graph.pb is damaged." in page.inner_text(".model-card.failed")
    page.get_by_text("took 3.1 times as long as usual").wait_for()
    open_tab(page, 1)
    page.get_by_text("could not be loaded; the Status tab says why").wait_for()


def test_the_memory_of_a_gpu_is_shown_by_model_and_in_all(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    pretend(page, {"models": {"cartoon": FETCHING, "emotion": ON_GPU}, "variants": {}, "devices": DEVICES})
    open_tab(page, STATUS)
    page.get_by_text("312 MB · all models: 1.5 GB of 8.0 GB").wait_for()
    assert page.get_by_text("GPU memory").count() == 1


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_top_stays_as_high_whatever_the_strip_tells(ready_studio: str, visit: Visit, locale: str) -> None:
    page = visit(ready_studio, locale=locale)
    fetching = {name: FETCHING[name] for name in ("state", "bytes_done", "bytes_total")}
    states = [{"state": "ready"}, {"state": "warming"}, fetching]
    answers = [{"models": dict.fromkeys(DEFAULT_VARIANT, state), "variants": {}} for state in states]
    answers += [answer | {"variants": {"cartoon-3d": STYLE, "cartoon-sketch": LOST}} for answer in answers]
    told = answers[:1]  # the page asks by itself too
    page.route("**/readyz", lambda route: route.fulfill(status=503, body=json.dumps(told[-1])))
    for width in (1280, 900, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert len({height_with(page, answer, told) for answer in [*answers, {}]}) == 1, width


def height_with(page: Any, answer: dict[str, Any], told: list[dict[str, Any]]) -> int:
    """Of the top, once the page has heard `answer`."""
    told.append(answer)
    # One that the page began itself makes the first of them void.
    page.evaluate("prewarm.poll().then(prewarm.poll)")
    return page.evaluate("document.querySelector('.masthead').offsetHeight")


def test_the_status_tab_tells_what_readyz_tells(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio, locale="zh-CN")
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    open_tab(page, STATUS)
    page.wait_for_selector(".model-card.ready")
    status = models(ready_studio)["cartoon"]
    text = page.inner_text(".model-card >> nth=0")
    assert status["model_id"] in text and "示例模型" in text and status["precision"] in text
    assert "首次用时" in text and "中位用时" in text and "运行 0" in text


def test_a_page_that_nobody_looks_at_asks_for_nothing(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.clock.install()
    page.reload()
    page.wait_for_selector(".chip-state.ready >> nth=2")
    page.wait_for_selector(".chip-state.others", state="detached")
    assert any(asked_in_a_minute(page) == [] for _ in range(3))  # it has come to rest
    open_tab(page, STATUS)
    page.wait_for_selector(".model-card.ready")
    started = page.evaluate("Date.now()")
    seen = [url for _ in range(3) for url in asked_in_a_minute(page)]
    assert 1 <= len(seen) <= 1 + (page.evaluate("Date.now()") - started) / 1000
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert asked_in_a_minute(page) == []


def asked_in_a_minute(page: Any) -> list[str]:
    """By its clock, but for pictures of the page that come late; the request that is sent last shows that those before
    it have been seen."""
    asked: list[str] = []
    hear = lambda request: asked.append(request.url)  # noqa: E731
    page.on("request", hear)
    page.clock.run_for(60_000)
    with page.expect_response("**/livez"):
        page.evaluate("fetch('livez').then((answer) => answer.text())")
    page.remove_listener("request", hear)
    return [url for url in asked if not url.endswith("/livez") and "/examples/" not in url]
