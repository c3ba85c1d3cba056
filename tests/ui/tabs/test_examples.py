"""Files to try a tab with."""

import re
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.errors import BadField
from models.media.audio import RATE
from models.media.audio import decode as heard
from models.media.images import decode
from ui.page import mount_options
from ui.tabs.examples import NAMES, PHOTOS, ROUTE, VOICES, Examples, example

PICTURES = {*NAMES["cartoon"], *NAMES["matting"]}
SMALL = 50_000  # bytes of a photo: a page that loads fast


@pytest.mark.parametrize("name", NAMES["emotion"])
def test_an_example_is_a_recording_where_uploads_lie(uploads: Path, name: str) -> None:
    path = Path(example(name))
    assert path.is_relative_to(uploads) and path.read_bytes() == (VOICES / f"{name}.mp3").read_bytes()
    assert len(heard(path)) > RATE


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_an_example_is_a_small_photo_where_uploads_lie(uploads: Path, name: str) -> None:
    path = Path(example(name))
    assert path.is_relative_to(uploads) and path.read_bytes() == (PHOTOS / f"{name}.jpg").read_bytes()
    assert decode(path.read_bytes()).shape[2] == 3 and path.stat().st_size < SMALL


@pytest.mark.parametrize("tab", NAMES)
def test_buttons_are_named_in_both_languages_and_pictures_wait_until_they_are_seen(tab: str) -> None:
    with gr.Blocks():
        html = str(Examples(tab).row.value)
    buttons = re.findall(r'<button type="button".*?</button>', html)
    assert len(buttons) == len(NAMES[tab])
    assert all(re.search(r'<span lang="en">\w.*</span><span lang="zh">[^<]+</span>', button) for button in buttons)
    assert html.count("<img ") == html.count('loading="lazy"') == (0 if tab == "emotion" else len(buttons))


def test_the_page_serves_the_small_pictures() -> None:
    client = TestClient(Starlette(routes=mount_options()["app_kwargs"]["routes"]))
    for name in PICTURES:
        answer = client.get(f"{ROUTE}/{name}.webp")
        assert answer.headers["content-type"] == "image/webp" and len(answer.content) < SMALL / 5


def test_only_a_tabs_own_examples_can_be_chosen(uploads: Path) -> None:
    with gr.Blocks():
        row = Examples("cartoon")
    assert Path(row.chosen(SimpleNamespace(act="smile"))).name == "smile.jpg"  # type: ignore[arg-type]
    with pytest.raises(BadField):
        row.chosen(SimpleNamespace(act="../../x"))  # type: ignore[arg-type]
