"""A preset sets controls of the cut-out tab to values that they can have."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.helpers.tabs import made
from ui.state.control_values import is_valid
from ui.tabs.matting import MattingTab
from ui.tabs.presets import SETTINGS


@pytest.mark.parametrize("name", SETTINGS)
def test_every_value_is_one_of_its_control(name: str) -> None:
    tab = made(MattingTab)
    pressed: Any = SimpleNamespace(act=name)
    assert all(is_valid(control, value) for control, value in tab.preset(pressed).items())
