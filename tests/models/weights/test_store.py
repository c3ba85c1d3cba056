"""The store finds whole, verified weights on this machine, and says which file is wrong when they are not."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from models.weights.store import Mode, Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import (
    ANIME,
    EMOTION,
    NO_SAMPLE,
    SKETCH,
    cached,
    count_hashes,
    flip,
    locate,
    put,
    refusal,
)

LAYOUTS = (
    "hub/{owner}/{name}",
    "hub/models/{owner}/{name}",
    "models/{owner}--{name}/snapshots/master",
    "hub/models/{owner}--{name}/snapshots/master",
    "models/{owner}/{name}",
    "{owner}/{name}",
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("owner", ["damo", "iic"])
def test_every_cache_layout_is_found_without_the_hub(store: Store, hub: FakeHub, layout: str, owner: str) -> None:
    hub.listing = "hang"
    folder = put(store.caches[0] / layout.format(owner=owner, name=ANIME.id.split("/")[1]), ANIME)
    located = locate(replace(store, endpoint=hub.endpoint))
    assert (located.folder, located.source, set(located.files)) == (folder, "cache", set(ANIME.files))
    assert hub.requests == []


def test_a_dot_in_a_name_may_be_escaped(store: Store) -> None:
    dotted = replace(ANIME, id="damo/cartoon-1.5")
    folder = put(store.caches[0] / "hub" / "damo" / "cartoon-1___5", dotted)
    assert locate(store, dotted).folder == folder


def test_a_good_cache_asks_no_hanging_hub(store: Store, hub: FakeHub) -> None:
    hub.listing = "hang"
    cached(store)
    store = replace(store, endpoint=hub.endpoint)
    assert locate(store).source == "cache"
    assert hub.requests == []


def test_a_given_folder_wins_and_serves_only_its_variant(store: Store, tmp_path: Path) -> None:
    cached(store)
    given = put(tmp_path / "mine", ANIME)
    store = replace(store, folders={"cartoon": given})
    assert (locate(store).folder, locate(store).source) == (given, "folder")
    assert locate(store, SKETCH).source == "sample"
    put(given / "sketch", SKETCH)
    assert locate(store, SKETCH).folder == given / "sketch"


def test_a_given_folder_that_lacks_a_file_is_an_error(store: Store, tmp_path: Path) -> None:
    given = put(tmp_path / "mine", ANIME)
    (given / "cartoon_h.pb").unlink()
    error = refusal(replace(store, folders={"cartoon": given}))
    assert (error.code, error.reason) == ("weights", "missing_file")
    assert error.values == {"file": "cartoon_h.pb", "folder": str(given)}
    assert "cartoon_h.pb" in error.message and str(given) in error.message and "Copy it there" in error.message


def test_only_a_partial_download_is_not_complete(store: Store) -> None:
    folder = cached(store, EMOTION)
    (folder / "model.pt").rename(folder / "model.pt.incomplete")
    assert locate(store, EMOTION).source == "sample"
    assert refusal(replace(store, mode="hub"), EMOTION).reason == "hub_unreachable"


@pytest.mark.parametrize("name", ["cartoon_h.pb", "configuration.json", "alpha.jpg"])
def test_a_flipped_bit_is_named(store: Store, name: str) -> None:
    folder = cached(store)
    locate(store)
    flip(folder / name)
    error = refusal(store)
    assert (error.reason, error.values["file"]) == ("damaged_file", name)
    assert str(folder) in error.message and "Fetch" in error.message


def test_a_file_cut_or_lost_after_its_record_is_named(store: Store) -> None:
    folder = cached(store)
    locate(store)
    os.truncate(folder / "detector.pb", 100)
    assert refusal(store).values["file"] == "detector.pb"
    (folder / "detector.pb").unlink()
    assert refusal(store).reason == "missing_file"


def test_unchanged_files_are_not_hashed_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = count_hashes(monkeypatch)
    folder = cached(store)
    first = locate(store)
    assert len(hashed) == len(ANIME.files)
    assert locate(store) == first and len(hashed) == len(ANIME.files)
    (folder / "alpha.jpg").touch()
    assert locate(store) == first and hashed[-1].name == "alpha.jpg" and len(hashed) == len(ANIME.files) + 1
    locate(store)
    assert len(hashed) == len(ANIME.files) + 1


def test_a_state_that_cannot_be_written_only_costs_hashing(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = replace(store, state=tmp_path / "file" / "state")
    folder = cached(store)
    assert locate(store).digest == locate(store).digest
    assert locate(store, SKETCH).source == "sample"
    os.truncate(folder / "cartoon_h.pb", 100)
    assert refusal(store).reason == "implausible_file"


def test_an_unreadable_record_is_made_anew(store: Store) -> None:
    cached(store)
    first = locate(store)
    (record,) = (store.state / "manifests").iterdir()
    for damage in ("", "[]", '{"revision": 1, "files": {"a": 2}}'):
        record.write_text(damage)
        assert locate(store) == first
    assert json.loads(record.read_text())["files"].keys() == set(ANIME.files)


def test_the_digest_follows_the_content(store: Store) -> None:
    assert locate(store).digest == locate(store).digest != locate(store, SKETCH).digest


@pytest.mark.parametrize(("revision", "found"), [("v1.0.0", "cache"), ("v2.0.0", None)])
def test_a_pinned_revision_is_respected(store: Store, revision: str, found: str | None) -> None:
    flat = cached(store, NO_SAMPLE)
    (flat / ".mv").write_text(f"Revision:{revision},CreatedAt:1700000000")
    if found is None:
        assert refusal(store, NO_SAMPLE).reason == "needs_hub"
    else:
        assert (locate(store, NO_SAMPLE).source, locate(store, NO_SAMPLE).revision) == (found, revision)


def test_sample_mode_touches_neither_cache_nor_hub(store: Store, hub: FakeHub) -> None:
    cached(store)
    store = replace(store, mode="sample", endpoint=hub.endpoint)
    assert (locate(store).source, locate(store).folder) == ("sample", store.samples / "cartoon")
    error = refusal(store, NO_SAMPLE)
    assert error.reason == "needs_hub" and "sd-design" in error.message and "hub" in error.message
    assert hub.requests == []


def test_auto_falls_back_aloud_and_hub_mode_does_not(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert locate(store).source == "sample"
    assert "cannot be reached" in caplog.text and ANIME.key in caplog.text
    assert refusal(replace(store, mode="hub", _silence={})).reason == "hub_unreachable"
    assert "cannot be reached" in refusal(store, NO_SAMPLE).message


def test_a_damaged_sample_is_noticed(store: Store) -> None:
    flip(store.samples / "cartoon" / "keypoints.pb")
    error = refusal(replace(store, mode="sample"))
    assert (error.reason, error.values["file"]) == ("damaged_file", "keypoints.pb")
    (store.samples / "cartoon" / "keypoints.pb").unlink()
    assert refusal(replace(store, mode="sample")).reason == "missing_file"


def test_modes_are_the_three_of_the_command_line() -> None:
    assert set(Mode.__args__) == {"auto", "hub", "sample"}
