"""What of a tab's results stays in the folder of outputs."""

import json
from pathlib import Path

import pytest

import preload
from models.runtime.outputs import Outputs
from tests.helpers.picture_makers import PNG
from tests.helpers.tabs import last, made, ran, sent
from tests.helpers.visitors import visitor
from ui.state.files import publish
from ui.tabs.cartoon import CartoonTab

pytestmark = pytest.mark.usefixtures("easy")


@pytest.fixture
def tab() -> CartoonTab:
    return made(CartoonTab)


def test_what_is_shown_first_and_every_file_of_a_batch_stays(
    tab: CartoonTab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("outputs")
    preload.cartoon.workspace.outputs = Outputs(folder)
    values = ran(tab, sent(tab, PNG), visitor("a"))
    tab.finish(values | {tab.strength: 1.0}, visitor("a"))
    made = tab.made(Path(publish(PNG, "photo.png")), values | {tab.strength: 0.5}, visitor="a", language="en")
    (day,) = folder.iterdir()
    told = [json.loads(line) for line in (day / "results.jsonl").read_text().splitlines()]
    assert [line["options"]["strength"] for line in told] == [values[tab.strength], 0.5]
    assert (day / told[1]["file"]).read_bytes() == made.data and len(list(day.iterdir())) == 3


def test_a_result_is_shown_though_it_cannot_stay(tab: CartoonTab, tmp_path: Path) -> None:
    preload.cartoon.workspace.outputs = lost = Outputs(tmp_path / "gone")
    shown = last(tab.run(sent(tab, PNG), visitor("a")))
    assert shown[tab.panel.column]["visible"] and (lost.kept, lost.failed) == (0, 1)
