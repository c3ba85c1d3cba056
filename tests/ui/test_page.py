"""The page can be built without models, and asks for nothing from outside."""

import re

import pytest

from models.tasks import TASKS

gradio = pytest.importorskip("gradio")


def test_the_endpoints_are_named_and_the_page_events_are_private() -> None:
    from ui.page import build

    names = {call.api_name: call.api_visibility for call in build([]).fns.values()}
    public = {name for name, visibility in names.items() if visibility == "public"}
    assert public == set(TASKS)


def test_the_status_tab_is_a_hint_in_both_languages_and_an_empty_board() -> None:
    from ui.page import build

    boards = [block for block in build([]).blocks.values() if "status-board" in str(getattr(block, "value", ""))]
    assert len(boards) == 1 and '<span lang="zh">' in boards[0].value


def test_the_page_says_how_long_files_are_kept() -> None:
    from ui.page import build
    from ui.state.result_cache import Keeping

    blocks = build([], Keeping(minutes=2.5))
    written = " ".join(str(block.value) for block in blocks.blocks.values() if isinstance(block, gradio.HTML))
    assert written.count("2.5 minutes") == written.count("2.5 分钟") == 4
    assert blocks.delete_cache == (60, 150)


def test_style_and_script_stay_at_home() -> None:
    from ui.page import mount_options

    options = mount_options()
    written = options["css"] + options["head"] + options["theme"]._get_theme_css()
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|@import|@font-face", written) == []
    assert "__TEXTS__" not in written and "__SUFFIXES__" not in written and '".jfif"' in written


def test_a_server_that_stops_stops_the_batches() -> None:
    from service.ops.drain import Lifecycle
    from ui.page import build

    stopped: list[bool] = []
    lifecycle = Lifecycle({})
    build(lifecycle.on_drain)
    lifecycle.on_drain.append(lambda: stopped.append(True))
    lifecycle.drain()
    assert len(lifecycle.on_drain) == 2 and stopped == [True]
