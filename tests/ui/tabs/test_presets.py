"""A preset sets controls of the cut-out tab to values that they can have."""

import pytest

from tests.helpers.tabs import made
from ui.state.control_values import is_valid
from ui.tabs.matting import MattingTab
from ui.tabs.presets import PRESETS, values_of


@pytest.mark.parametrize("name", PRESETS)
def test_every_value_is_one_of_its_control(name: str) -> None:
    tab = made(MattingTab)
    assert all(is_valid(tab.settings[setting], value) for setting, value in PRESETS[name].items())
    assert values_of(PRESETS[name])() == tuple(PRESETS[name].values())
