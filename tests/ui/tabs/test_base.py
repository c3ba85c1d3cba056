"""What every tab does: run, keep the pass, finish it anew, save; said when it waits or something is wrong."""

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import preload
from models.runtime.outputs import Outputs
from models.runtime.resident import Resident, Slot
from tests.helpers.picture_makers import COLOURS, PNG
from tests.helpers.standin import Easy
from tests.helpers.tabs import last, made, message, ran, sent, shown_picture
from tests.helpers.visitors import visitor
from ui.state.files import publish
from ui.tabs.cartoon import CartoonTab

pytestmark = pytest.mark.usefixtures("easy")

NEGATIVE = tuple(255 - value for value in COLOURS[0])


def corner(picture: Image.Image) -> Any:
    """A pixel of the first quarter, RGB."""
    return picture.convert("RGB").getpixel((5, 5))


@pytest.fixture
def tab() -> CartoonTab:
    return made(CartoonTab)


def test_a_control_finishes_the_kept_pass_and_the_model_runs_once(tab: CartoonTab) -> None:
    values = ran(tab, sent(tab, PNG), visitor("a"))
    shown = tab.finish(values | {tab.strength: 1.0}, visitor("a"))
    assert corner(shown_picture(tab, shown)) == pytest.approx(NEGATIVE, abs=12)
    assert preload.cartoon.status.served == 1


def test_what_is_saved_is_the_result_at_full_size(tab: CartoonTab) -> None:
    values = sent(tab, PNG, strength=1.0)
    with tab.passing(values, visitor="a") as kept:
        data, name = tab.written(kept, values)
    alone = tab.made(Path(publish(PNG, "photo.png")), values, visitor="a", language="en")
    assert (data, name) == (alone.data, alone.name) and name == "cartoon.png"
    assert corner(Image.open(io.BytesIO(data))) == NEGATIVE


def test_a_pass_that_is_gone_is_told_and_no_pass_at_all_is_silent(tab: CartoonTab) -> None:
    values = ran(tab, sent(tab, PNG), visitor("a"))
    tab._results.drop(values[tab.kept])
    assert "no longer kept" in message(tab, tab.finish(values, visitor("a")))
    assert message(tab, tab.finish(values | {tab.kept: None}, visitor("a"))) == ""


def test_a_mistake_is_one_sentence_and_leaves_no_result(tab: CartoonTab) -> None:
    shown = last(tab.run(sent(tab, b"no picture"), visitor("a")))
    assert 'role="alert"' in message(tab, shown) and shown[tab.kept] is None
    assert not shown[tab.panel.column]["visible"] and shown[tab.panel.empty]["visible"]


def test_a_photo_that_is_taken_away_clears_the_result(tab: CartoonTab) -> None:
    shown = last(tab.run(sent(tab, None), visitor("a")))
    assert shown[tab.kept] is None and not shown[tab.panel.column]["visible"]


def test_an_earlier_result_comes_back_with_its_controls_and_without_the_model(tab: CartoonTab) -> None:
    first = ran(tab, sent(tab, PNG, resolution=512), visitor("a"))
    now = ran(tab, sent(tab, PNG), visitor("a"))
    _, entry = tab.history.entries("a" * 32)
    shown = last(tab.open(entry, now, visitor("a")))
    assert shown[tab.resolution]["value"] == 512 and shown[tab.kept] == first[tab.kept]
    assert shown[tab.source] == first[tab.source]["path"] and preload.cartoon.status.served == 2
    assert len(list(tab.arrive(first, visitor("a")))) == 1 and preload.cartoon.status.served == 2


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


@contextmanager
def loading(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A cartoon model that is warming until the event is set."""
    go = threading.Event()

    def build(slot: Slot[Any]) -> Easy:
        with slot.stage("warming"):
            go.wait(10)
        return Easy()

    resident: Resident[Any] = Resident("cartoon")
    resident.configure(build)
    monkeypatch.setattr(preload, "cartoon", resident)
    loader = threading.Thread(target=resident.load)
    loader.start()
    yield go
    go.set()
    loader.join()


def test_a_job_says_what_it_waits_for_and_then_runs(tab: CartoonTab, monkeypatch: pytest.MonkeyPatch) -> None:
    with loading(monkeypatch) as go:
        answers = tab.run(sent(tab, PNG, strength=1.0), visitor("a"))
        assert "warming up" in message(tab, next(answers))
        go.set()
        shown = next(answers)
    assert "No face" in message(tab, shown)
    assert corner(shown_picture(tab, shown)) == pytest.approx(NEGATIVE, abs=12)
