"""Style tiles, and what is told of a style on its way."""

import threading
from typing import Any

from models.catalog import STYLE_SAMPLES, STYLES
from models.errors import WeightsError
from models.runtime.resident import Resident, Slot, Status
from ui.tabs.style_tiles import begin, progress, tile_css


def test_every_style_has_a_picture_or_says_what_it_needs() -> None:
    rules = {style: line for style in STYLES for line in tile_css().splitlines() if f'[value="{style}"]' in line}
    assert {style for style, rule in rules.items() if "data:image/webp" in rule} == set(STYLE_SAMPLES)
    assert all("需从魔搭下载" in rules[style] for style in STYLES if style not in STYLE_SAMPLES)


def test_bytes_are_told_while_fetching_and_the_stage_otherwise() -> None:
    status = Status("cartoon-sketch", "id", "licence", state="fetching", bytes_done=4_200_000, bytes_total=31_000_000)
    assert "Sketch: fetching 4.2 of 31.0 MB" in progress("sketch", status, "en")
    assert 'value="4200000" max="31000000"' in progress("sketch", status, "en")
    loading = progress("sketch", Status("cartoon-sketch", "id", "licence", state="loading"), "zh-CN")
    assert "素描：加载中" in loading and "value" not in loading


def test_a_style_that_cannot_be_had_is_known_at_once_and_one_on_its_way_is_not_begun_twice() -> None:
    go, begun = threading.Event(), []

    def build(slot: Slot[Any]) -> object:
        begun.append(slot.model.variant)
        if slot.model.variant == "sd-design":
            raise WeightsError("Not here.", reason="needs_hub")
        with slot.stage("loading"):
            go.wait(10)
        return object()

    resident: Resident[Any] = Resident("cartoon")
    resident.configure(build)
    begin(resident, "sd-design")
    assert str(resident.slot("sd-design").error) == "Not here."
    begin(resident, "sketch")
    begin(resident, "sketch")
    go.set()
    resident.load("sketch")
    assert begun == ["sd-design", "sketch"]
