"""The cartoon tab: its task as the controls say it, faces and facts, styles that are not here yet."""

import threading
from typing import Any

import numpy as np
import pytest

from models.errors import BadField
from models.faces import Face
from models.runtime.resident import Resident, Slot
from models.tasks.cartoon import CARTOON, Options, Pass
from tests.helpers.picture_makers import PNG, quarters
from tests.helpers.standin import Easy
from tests.helpers.tabs import last, made, message, sent
from tests.helpers.visitors import visitor
from ui.state.kept import Kept
from ui.tabs.cartoon import CartoonTab

pytestmark = pytest.mark.usefixtures("easy")


@pytest.fixture
def tab() -> CartoonTab:
    return made(CartoonTab)


def kept(tab: CartoonTab, *faces: Face) -> Kept:
    photo = np.asarray(quarters())
    with tab.passing(sent(tab, PNG), visitor="a") as passed:
        return Kept(Pass(photo, 255 - photo, faces, (96, 64)), passed.call, passed.before)


def test_the_controls_make_the_options_of_the_task(tab: CartoonTab) -> None:
    assert tab.asked(sent(tab, PNG)) == (CARTOON, Options())
    assert tab.asked(sent(tab, PNG, style="sketch", quality=60))[1] == Options(style="sketch", quality=60)
    with pytest.raises(BadField):
        tab.asked(sent(tab, PNG, strength=7))


def test_faces_are_counted_and_small_ones_told(tab: CartoonTab) -> None:
    face, small = (Face(5, 5, 30, 30, 0.9, used=used) for used in (True, False))
    both, values = kept(tab, face, small), sent(tab, PNG)
    shown = tab.shown(both, values, "en")
    assert "2" in shown[tab.panel.facts] and "96 × 64" in shown[tab.panel.facts]
    assert "1" in message(tab, shown) and tab.facts(both, values) == {
        "faces": 2,
        "faces_too_small": 1,
        "enlarged_from": 0,
    }
    assert (tab.remark(both, values, "en"), tab.remark(kept(tab), values, "zh-CN")) == ("", "未检测到人脸")
    one = tab.shown(kept(tab, face), values, "en")
    assert message(tab, one) == ""


def test_an_enlarged_result_says_from_what(tab: CartoonTab) -> None:
    passed, values = kept(tab, Face(5, 5, 30, 30, 0.9, used=True)), sent(tab, PNG, enlarge=True, resolution=512)
    side = max(passed.passed.photo.shape[:2])
    assert f"enlarged from {side} px" in tab.shown(passed, values, "en")[tab.panel.facts]
    assert tab.facts(passed, values)["enlarged_from"] == side
    assert "enlarged" not in tab.shown(passed, sent(tab, PNG), "en")[tab.panel.facts]


def test_a_style_that_is_not_here_is_loaded_beside_the_page(tab: CartoonTab) -> None:
    go = threading.Event()

    def build(slot: Slot[Any]) -> Easy:
        with slot.stage("loading"):
            go.wait(10)
        return Easy()

    resident: Resident[Any] = Resident("cartoon")
    resident.configure(build)
    tab.resident = resident
    values = sent(tab, PNG, style="sketch")
    shown = last(tab.run(values, visitor("a")))
    assert "Sketch: loading" in shown[tab.style_state]["value"] and shown[tab.panel.look].active
    go.set()
    resident.load("sketch")
    assert last(tab.look(values, visitor("a")))[tab.kept]
