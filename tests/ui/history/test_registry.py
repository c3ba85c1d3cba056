"""A history is one visitor's, bounded, and gone from the disk when it is deleted or too old."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ui.history.registry import PASSES, Entry, History
from ui.state.result_cache import Keeping, ResultCache


@dataclass
class Pass:
    image: np.ndarray
    before: str


def written(folder: Path, name: str) -> str:
    (folder / name).write_bytes(b"picture")
    return str(folder / name)


def entry(folder: Path, name: str, token: str | None = None) -> Entry:
    """A result made of the upload `name`."""
    return Entry(written(folder, name), {}, token, files={written(folder, f"result of {name}")})


def test_nobody_else_finds_an_entry_not_even_by_its_id(uploads: Path) -> None:
    history, mine = History(ResultCache()), entry(uploads, "a", token="t")
    history.add("me", mine)
    assert history.get("me", mine.id) is mine and history.of_pass("me", "t") is mine
    assert history.entries("you") == [] and history.get("you", mine.id) is None
    assert history.of_pass("you", "t") is None and history.of_pass(None, "t") is None
    history.delete("you", mine.id)
    assert history.entries("me") == [mine]


def test_deleting_removes_files_and_pass(uploads: Path) -> None:
    results = ResultCache()
    history, token = History(results), results.put(Pass(np.zeros(9), ""))
    first, second = entry(uploads, "a", token), entry(uploads, "b")
    history.add("me", first)
    history.add("me", second)
    history.delete("me", first.id)
    assert results.get(token) is None
    assert sorted(path.name for path in uploads.iterdir()) == ["b", "result of b"]
    history.clear("me")
    assert list(uploads.iterdir()) == [] and history.entries("me") == []


def test_an_upload_used_elsewhere_stays_until_its_last_use(uploads: Path) -> None:
    results = ResultCache()
    cartoons, cutouts, source = History(results), History(results), uploads / "same"
    cartoons.add("me", entry(uploads, "same"))
    cartoons.add("you", entry(uploads, "same"))
    cutouts.add("me", entry(uploads, "same"))
    for history, owner in ((cartoons, "me"), (cartoons, "you")):
        history.clear(owner)
        assert source.is_file()
    cutouts.clear("me")
    assert not source.exists()


def test_files_of_others_are_never_removed(uploads: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = written(tmp_path_factory.mktemp("other"), "precious")
    history = History(ResultCache())
    history.add("me", Entry(outside, {}, None, files={outside}))
    history.clear("me")
    assert Path(outside).is_file()


def test_entries_passes_and_bytes_are_bounded(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = ResultCache(keeping=Keeping(history=5))
    history, tokens = History(results), [results.put(Pass(np.zeros(9), "")) for _ in range(7)]
    for number, token in enumerate(tokens):
        history.add("me", entry(uploads, f"{number}.png", token))
    assert len(history.entries("me")) == 5 and len(list(uploads.iterdir())) == 10
    assert [token for token in tokens if results.get(token)] == tokens[-PASSES:]
    monkeypatch.setattr("ui.history.registry.BYTES", 40)
    history.add("me", entry(uploads, "last.png"))
    assert len(history.entries("me")) == 2
    monkeypatch.setattr("ui.history.registry.VISITORS", 1)
    history.add("you", entry(uploads, "yours.png"))
    assert history.entries("me") == [] and len(history.entries("you")) == 1


@pytest.mark.parametrize("minutes", [30, 5])
def test_entries_end_with_the_retention_time(uploads: Path, minutes: float) -> None:
    history, old = History(ResultCache(keeping=Keeping(minutes))), entry(uploads, "a")
    history.add("me", old)
    old.used_at -= 60 * (minutes - 1)
    assert history.entries("me") == [old]
    old.used_at -= 2 * 60
    assert history.entries("me") == [] and list(uploads.iterdir()) == []
    history.add("me", entry(uploads, "b"))
    history.entries("me")[0].used_at -= 31 * 60
    history.add("you", entry(uploads, "c"))
    assert sorted(path.name for path in uploads.iterdir()) == ["c", "result of c"]
