"""Size, sha256 and stamp of a model's files: what changed is noticed, what did not is not hashed again."""

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import WeightsError
from models.weights import manifest
from models.weights.manifest import Entry, Record, observe, read_manifest, read_record, verify, write_manifest
from tests.helpers.fake_weights import ANIME, count_hashes, flip, put

REMEDY = "Copy it there."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path / "samples" / "cartoon", ANIME)


def test_a_file_is_known_by_size_and_content(folder: Path) -> None:
    entry = observe(folder, ["detector.pb"])["detector.pb"]
    data = (folder / "detector.pb").read_bytes()
    assert (entry.size, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert manifest.digest_of({"a": entry}) == manifest.digest_of({"a": Entry(1, entry.sha256)})


def test_only_what_was_touched_is_hashed_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = observe(folder, ANIME.files)
    hashed = count_hashes(monkeypatch)
    assert verify(folder, seen, REMEDY) == seen and hashed == []
    (folder / "detector.pb").touch()
    assert verify(folder, seen, REMEDY)["detector.pb"].sha256 == seen["detector.pb"].sha256
    assert hashed == [folder / "detector.pb"]


def test_a_flipped_bit_a_cut_and_an_absent_file_are_named_with_the_remedy(folder: Path) -> None:
    seen, file = observe(folder, ["detector.pb"]), folder / "detector.pb"
    flip(file)
    with pytest.raises(WeightsError, match=r"detector\.pb is damaged: its content changed\. Copy it there"):
        verify(folder, seen, REMEDY)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(WeightsError, match="bytes, not"):
        verify(folder, seen, REMEDY)
    file.unlink()
    with pytest.raises(WeightsError, match=r"detector\.pb is missing") as caught:
        verify(folder, seen, REMEDY)
    assert caught.value.reason == "missing_file"


def test_a_record_comes_back_and_a_broken_one_is_none(folder: Path, tmp_path: Path) -> None:
    path, record = tmp_path / "state" / "record.json", Record("v1", observe(folder, ANIME.files))
    assert read_record(path) is None
    manifest.write_record(path, record)
    assert read_record(path) == record
    path.write_text('{"files": []}')
    assert read_record(path) is None


def test_samples_are_described_by_one_manifest(folder: Path) -> None:
    write_manifest(folder.parent)
    entries = read_manifest(folder.parent, "cartoon", ANIME.files)
    assert verify(folder, entries, REMEDY).keys() == set(ANIME.files)
    with pytest.raises(WeightsError, match="does not describe"):
        read_manifest(folder.parent, "cartoon", ["other.pb"])


@pytest.mark.parametrize("look", [lambda folder: observe(folder, ANIME.files), lambda folder: verify(folder, {}, "")])
def test_what_may_not_be_read_is_named_with_whom_and_the_remedy(
    look: Callable[[Path], object], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / "detector.pb"))

    monkeypatch.setattr(manifest, "missing", refused)
    monkeypatch.setattr(manifest, "inspect_file", refused)
    with pytest.raises(WeightsError, match=r"detector\.pb cannot be read by user \d+ \(Permission denied\)") as told:
        look(folder)
    assert told.value.reason == "unreadable_file" and told.value.values["file"] == "detector.pb"
