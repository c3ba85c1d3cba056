"""One picture with the same options gives the same bytes through every door, on pipelines that are easy."""

import inspect
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import preload
from models.tasks import TASKS
from tests.helpers.picture_makers import PNG
from tests.helpers.running import ROOT, standin
from tests.helpers.standin import residents
from tests.helpers.tabs import made, sent
from tests.helpers.visitors import visitor
from ui import api
from ui.state.files import publish
from ui.tabs.base import Tab
from ui.tabs.cartoon import CartoonTab
from ui.tabs.matting import MattingTab

# By task: its options, the tab that serves it, and what its controls say for these options.
ASKED: dict[str, tuple[dict[str, Any], type[Tab], dict[str, Any]]] = {
    "cartoon": ({"strength": 0.5, "format": "webp", "quality": 70}, CartoonTab, {}),
    "matting": ({"background": "#102030", "erode": 2, "format": "jpg"}, MattingTab, {"colour": "#102030"}),
    "id_photo": ({"background": "#102030", "id_zoom": 1.2}, MattingTab, {"colour": "#102030", "output": "id"}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standin(tmp_path_factory.mktemp("studio")) as address:
        yield address


def rest(server: str, name: str, options: dict[str, Any]) -> bytes:
    answer = httpx.post(f"{server}/api/v1/{name}", files={"image": PNG}, data=options, timeout=60)
    return answer.raise_for_status().content


def job(server: str, name: str, options: dict[str, Any]) -> bytes:
    taken = httpx.post(f"{server}/api/v1/jobs/{name}", files={"image": PNG}, data=options).json()["id"]
    while (answer := httpx.get(f"{server}/api/v1/jobs/{taken}/result")).status_code == 409:
        time.sleep(0.05)
    return answer.raise_for_status().content


def command_line(server: str, name: str, options: dict[str, Any]) -> bytes:
    flags = [part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", str(value))]
    command = [sys.executable, str(ROOT / "cli"), name, "-", *flags, "--server", server]
    return subprocess.run(command, input=PNG, capture_output=True, check=True).stdout


def endpoint(name: str, options: dict[str, Any]) -> bytes:
    """As Gradio calls it: every parameter in its place."""
    function = api.endpoint(TASKS[name])
    _, _, *parameters = inspect.signature(function).parameters.values()
    values = [options.get(parameter.name, parameter.default) for parameter in parameters]
    found = function({"path": publish(PNG, "photo.png")}, visitor("a"), *values)
    return Path((found[0] if isinstance(found, tuple) else found).path).read_bytes()


def batch(kind: type[Tab], options: dict[str, Any], controls: dict[str, Any]) -> bytes:
    tab = made(kind)
    colour = {"background": "colour"} if "colour" in controls else {}
    values = sent(tab, None, **{"format": "jpg", **options, **controls, **colour})
    return tab.made(Path(publish(PNG, "photo.png")), values, visitor="a", language="en").data


@pytest.mark.parametrize("name", ASKED)
def test_all_doors_give_the_same_bytes(server: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    for family, resident in residents().items():
        monkeypatch.setattr(preload, family, resident)
        monkeypatch.setitem(preload.RESIDENTS, family, resident)
    options, tab, controls = ASKED[name]
    first = rest(server, name, options)
    assert job(server, name, options) == first
    assert command_line(server, name, options) == first
    assert endpoint(name, options) == first
    assert batch(tab, options, controls) == first
