"""Weights carried in one file to a machine without a network: whole and verified, or not at all."""

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import WeightsError
from models.weights import bundle
from models.weights.store import Store
from tests.helpers.fake_weights import (
    ANIME,
    EMOTION,
    NO_SAMPLE,
    cached,
    contents,
    count_hashes,
    graph,
    locate,
    make_store,
)

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    store = make_store(tmp_path / "here")
    models = (ANIME, EMOTION, NO_SAMPLE)
    for model in models:
        cached(store, model)
    return bundle.write(tmp_path, {model: locate(store, model) for model in models})


@pytest.fixture
def there(tmp_path: Path) -> Store:
    """Another machine, where no hub answers and samples do not count."""
    (tmp_path / "there").mkdir()
    return replace(make_store(tmp_path / "there"), mode="hub")


def refused(path: Path, store: Store) -> str:
    with pytest.raises(WeightsError) as caught:
        bundle.read(path, store)
    assert not [path for path in store.caches[0].rglob("*") if path.is_file()]
    return caught.value.message


def rewritten(path: Path, change: Callable[[Members], object]) -> Path:
    with tarfile.open(path) as archive:
        members = [(entry, (archive.extractfile(entry) or io.BytesIO()).read()) for entry in archive]
    change(members)
    with tarfile.open(path, "w") as archive:
        for entry, data in members:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def with_list(members: Members, change: Callable[[dict], object]) -> None:
    listed = json.loads(members[0][1])
    change(listed)
    members[0] = (members[0][0], json.dumps(listed).encode())


def test_what_was_packed_comes_out_and_is_not_hashed_again(
    packed: Path, there: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert packed.name == bundle.NAME
    assert [one.model for one in bundle.read(packed.parent, there)] == [ANIME, EMOTION, NO_SAMPLE]
    hashed = count_hashes(monkeypatch)
    for model in (ANIME, EMOTION, NO_SAMPLE):
        located = locate(there, model)
        assert (located.source, located.revision) == ("cache", model.revision)
        assert {name: (located.folder / name).read_bytes() for name in model.files} == contents(model)
    assert hashed == [] and not list(there.caches[0].rglob("*~*")) and not list(there.caches[0].rglob("*lease*"))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_flipped_bit_anywhere_is_found(packed: Path, there: Store, share: float) -> None:
    data = bytearray(packed.read_bytes())
    data[int(len(data) * share)] ^= 1
    packed.write_bytes(data)
    assert "refused" in refused(packed, there)


def test_a_cut_file_no_tar_and_none_at_all_are_told(packed: Path, there: Store) -> None:
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(packed, there) or "not where" in refused(packed, there)
    packed.write_bytes(b"<html>not found</html>" * 100)
    assert "no tar" in refused(packed, there)
    packed.unlink()
    assert "no bundle" in refused(packed, there)


@pytest.mark.parametrize("name", ["../../evil.pb", "/tmp/evil.pb", "cartoon-anime/../../evil.pb", "more.pb"])
def test_a_path_of_its_own_is_refused_wherever_it_stands(packed: Path, there: Store, name: str) -> None:
    entry = tarfile.TarInfo(name)
    rewritten(packed, lambda members: members.insert(3, (entry, b"evil")))
    assert "not where it should be" in refused(packed, there)
    rewritten(packed, lambda members: members.append(members.pop(3)))
    assert "holds more" in refused(packed, there)
    assert not list(packed.parent.rglob("evil.pb"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_devices_and_folders_are_refused(packed: Path, there: Store, kind: bytes) -> None:
    def change(members: Members) -> None:
        members[2][0].type, members[2][0].linkname = kind, "/etc/passwd"

    assert "not where it should be" in refused(rewritten(packed, change), there)


@pytest.mark.parametrize(
    "change",
    [
        lambda listed: listed.update(version=2),
        lambda listed: listed.pop("models"),
        lambda listed: listed["models"].update(unheard_of={}),
        lambda listed: listed["models"]["cartoon-anime"].update(id="evil/model"),
        lambda listed: listed["models"]["cartoon-anime"]["files"].update({"../evil": {"size": 1, "sha256": ""}}),
        lambda listed: listed["models"]["cartoon-anime"]["files"]["alpha.jpg"].update(size=10**15),
        lambda listed: listed["models"]["cartoon-sd-design"].update(revision="v0.9.0"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(packed: Path, there: Store, change: Callable[[dict], object]) -> None:
    assert "refused" in refused(rewritten(packed, lambda members: with_list(members, change)), there)


def test_a_hostile_graph_is_refused_though_its_sha256_is_right(packed: Path, tmp_path: Path, there: Store) -> None:
    source = make_store(tmp_path / "here")
    folder = cached(source)
    located = locate(source)
    (folder / "cartoon_bg.pb").write_bytes(graph("WriteFile"))
    files = located.files | {"cartoon_bg.pb": bundle.hashlib.sha256(graph("WriteFile")).hexdigest()}
    path = bundle.write(packed, {ANIME: replace(located, files=files)})
    with pytest.raises(WeightsError) as caught:
        bundle.read(path, there)
    assert caught.value.reason == "hostile_file" and not list(there.caches[0].rglob("*.pb"))


def test_files_that_are_there_stay_when_a_bundle_is_refused(packed: Path, there: Store) -> None:
    folder = cached(there)
    packed.write_bytes(packed.read_bytes()[:9000])
    with pytest.raises(WeightsError):
        bundle.read(packed, there)
    assert {path.name for path in folder.iterdir()} == set(ANIME.files) and locate(there).source == "cache"
