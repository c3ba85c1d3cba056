"""The cut-out tab: which task the controls ask for, what lies behind the person, and what is said of it."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import preload
from models.errors import BadField, BadImage
from models.finish.id_photo import SIZES
from models.tasks.base import Call
from models.tasks.id_photo import ID_PHOTO
from models.tasks.matting import MATTING, Pass
from tests.helpers.outlines import person
from tests.helpers.picture_makers import COLOURS, PNG
from tests.helpers.tabs import made, message, ran, sent, shown_picture
from tests.helpers.visitors import visitor
from ui.state.files import publish
from ui.state.kept import Kept
from ui.tabs.matting import MattingTab

pytestmark = pytest.mark.usefixtures("easy")


@pytest.fixture
def tab() -> MattingTab:
    return made(MattingTab)


def kept(alpha: np.ndarray) -> Kept:
    return Kept(Pass(np.full((*alpha.shape, 3), 90, np.uint8), alpha, "portrait"), Call())


OUTLINE = (255 * person()).astype(np.uint8)
NOBODY = np.zeros((64, 96), np.uint8)


@pytest.mark.parametrize(
    ("output", "task", "asked"),
    [
        ("cutout", MATTING, ("cutout", "webp")),
        ("alpha", MATTING, ("alpha", "webp")),
        ("id", ID_PHOTO, ("photo", "jpg")),
        ("sheet", ID_PHOTO, ("sheet", "jpg")),
    ],
)
def test_the_output_chooses_the_task(tab: MattingTab, output: str, task: Any, asked: tuple[str, str]) -> None:
    found, options = tab.asked(sent(tab, PNG, output=output, format="webp"))
    assert (found, (options.output, options.format)) == (task, asked)


@pytest.mark.parametrize(
    ("changed", "background"),
    [
        ({}, "transparent"),
        ({"background": "colour", "colour": "rgb(1, 2, 3)"}, "#010203"),
        ({"background": "gradient", "colour": "#000000", "colour2": "#0a0b0c"}, "#000000,#0a0b0c"),
        ({"background": "image"}, "transparent"),
    ],
)
def test_the_background_is_made_of_several_controls(
    tab: MattingTab, changed: dict[str, object], background: str
) -> None:
    assert tab.asked(sent(tab, PNG, **changed))[1].background == background
    with pytest.raises(BadField):
        tab.asked(sent(tab, PNG, background="plaid"))


def test_a_picture_behind_is_an_uploaded_one(tab: MattingTab) -> None:
    beach = publish(PNG, "beach.png")
    options = tab.asked(sent(tab, PNG, background="image") | {tab.picture: {"path": beach}})[1]
    assert (options.background, options.background_image) == ("image", Path(beach))
    with pytest.raises(BadField):
        tab.asked(sent(tab, PNG, background="image") | {tab.picture: {"path": "/etc/passwd"}})


def test_the_alpha_is_shown_and_saved_without_a_second_pass(tab: MattingTab) -> None:
    values = ran(tab, sent(tab, PNG), visitor("a")) | {tab.output: "alpha"}
    shown = shown_picture(tab, tab.finish(values, visitor("a")))
    assert (shown.mode, shown.size) == ("L", (96, 64))
    keeps = tab._results.get(values[tab.kept])
    assert tab.written(keeps, values) == tab._alpha(keeps, values) and tab.written(keeps, values)[1] == "alpha.png"
    assert preload.matting.status.served == 1


def test_a_cutout_on_a_colour_is_saved_with_it(tab: MattingTab) -> None:
    values = sent(tab, PNG, background="colour", colour="#010203")
    result = tab.made(Path(publish(PNG, "photo.png")), values, visitor="a", language="en")
    picture = Image.open(io.BytesIO(result.data))
    assert result.name == "cutout.png"
    assert (picture.getpixel((5, 5)), picture.getpixel((90, 5))) == (COLOURS[0], (1, 2, 3))


def test_an_id_photo_tells_what_it_is(tab: MattingTab) -> None:
    shown = tab.shown(kept(OUTLINE), sent(tab, PNG, output="id", format="webp"), "en")
    assert "295 × 413 px" in shown[tab.panel.facts] and "saved as jpg" in message(tab, shown)
    assert tab.written(kept(OUTLINE), sent(tab, PNG, output="sheet"))[1] == "print-sheet.png"


def test_nobody_is_the_only_thing_to_say(tab: MattingTab) -> None:
    for changed in ({}, {"background": "image"}, {"format": "jpg"}):
        assert tab.remark(kept(NOBODY), sent(tab, PNG, **changed), "en") == "Nobody was found in this picture."
    with pytest.raises(BadImage, match="Nobody"):
        tab.shown(kept(NOBODY), sent(tab, PNG, output="id"), "en")


def test_a_background_that_cannot_be_is_told(tab: MattingTab) -> None:
    assert "white" in tab.remark(kept(OUTLINE), sent(tab, PNG, format="jpg"), "en")
    assert "Choose a background picture" in tab.remark(kept(OUTLINE), sent(tab, PNG, background="image"), "en")
    assert tab.remark(kept(OUTLINE), sent(tab, PNG, output="alpha", format="jpg", background="image"), "en") == ""


def test_a_crop_cuts_the_result_and_its_alpha_but_not_the_comparison(tab: MattingTab) -> None:
    values = ran(tab, sent(tab, PNG), visitor("a")) | {tab.crop: True}
    keeps = tab._results.get(values[tab.kept])
    cutout, alpha = (Image.open(io.BytesIO(write(keeps, values)[0])) for write in (tab.written, tab._alpha))
    assert cutout.size == alpha.size and cutout.width < 60 < 96
    shown = tab.finish(values, visitor("a"))
    assert f"{cutout.width} × {cutout.height}" in shown[tab.panel.facts]
    compared = tab.finish(values | {tab.panel.view: "compare"}, visitor("a"))
    assert "96 × 64" in compared[tab.panel.facts]


def test_an_own_size_is_read_only_where_it_is_chosen(tab: MattingTab) -> None:
    own = {"output": "id", "id_width": 480, "id_height": 640, "id_unit": "px"}
    task, options = tab.asked(sent(tab, PNG, **own, id_size="own"))
    assert task is ID_PHOTO and options.size.pixels == (480, 640)
    assert tab.asked(sent(tab, PNG, **own | {"id_width": None}))[1].size == SIZES["cn_1"]
    with pytest.raises(BadField, match="id_width"):
        tab.asked(sent(tab, PNG, **own | {"id_width": None}, id_size="own"))
