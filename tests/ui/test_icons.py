"""Icons are strokes of our own, the same in the stylesheet and in pictures."""

import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

import ui
from models.emotion import LABELS
from ui.icons import BOARD, PATHS, STROKE, icon, icons_css, lines


@pytest.mark.parametrize("name", PATHS)
def test_every_stroke_stays_on_the_board(name: str) -> None:
    places = [place for line in lines(name) for place in line]
    assert all(len(line) > 1 for line in lines(name))
    assert all(STROKE / 2 <= value <= BOARD - STROKE / 2 for place in places for value in place)


def test_the_stylesheet_has_every_icon_as_a_whole_picture() -> None:
    for name in PATHS:
        written = icons_css().split(f'--icon-{name}: url("data:image/svg+xml,')[1].split('")')[0]
        assert ElementTree.fromstring(unquote(written))[0].get("d") == PATHS[name]
        assert f".symbol-{name} " in icons_css()


def test_every_emotion_has_a_face_that_is_not_read_out() -> None:
    assert set(LABELS) <= PATHS.keys() and len({PATHS[label] for label in LABELS}) == len(LABELS)
    assert 'aria-hidden="true"' in icon("happy")


def test_gradios_own_class_is_left_alone() -> None:
    """It has `icon` on its arrows and player buttons, which a mask would turn into squares."""
    css = (Path(ui.__file__).parent / "assets" / "icons.css").read_text("utf-8")
    assert not re.search(r"(?<!\.label-wrap > )\.icon\b", css + icons_css()) and ".symbol" in css
