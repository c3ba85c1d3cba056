"""Files and zips from strangers: each attack gets its sentence, each honest file its turn."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from models.errors import PrewarmError
from tests.helpers.zips import declared, flagged, handed_in, named_in_gbk, packed
from ui.batch.sources import MAX_FILES, Source, sources
from ui.i18n.error_texts_zh import ERRORS


def read(source: Source) -> bytes:
    with source.opened() as file:
        return file.read_bytes()


def refusal(source: Source) -> str:
    """Why a file is not read: the reason, which has a Chinese sentence too."""
    with pytest.raises(PrewarmError) as caught:
        read(source)
    assert caught.value.reason in ERRORS
    return caught.value.reason


def test_a_zip_is_its_files_and_leaves_nothing_behind(uploads: Path) -> None:
    data = packed(("a/1.jpg", b"first"), ("b/1.jpg", b"second"), ("__MACOSX/._1.jpg", b"x"), (".DS_Store", b"x"))
    first, second = handed_in(uploads, data)
    assert (first.name, read(first)) == ("a/1.jpg", b"first")
    assert (second.name, read(second)) == ("b/1.jpg", b"second")
    assert [path.name for path in uploads.iterdir()] == ["photos.zip"]


@pytest.mark.parametrize("name", ["../../evil.png", "/etc/evil.png", "C:\\evil.png", "a\\..\\..\\evil.png"])
def test_zip_slip_is_named_and_the_others_go_on(uploads: Path, name: str) -> None:
    evil, good = handed_in(uploads, packed((name, b"x"), ("good.png", b"good")))
    assert refusal(evil) == "zip_outside" and evil.name.endswith("evil.png") and ".." not in evil.name
    assert read(good) == b"good"


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked(uploads: Path) -> None:
    bomb = packed(("zeros.png", bytes(300 << 20)))
    tracemalloc.start()
    (source,) = handed_in(uploads, bomb)
    assert refusal(source) == "zip_bomb"
    assert tracemalloc.get_traced_memory()[1] < 5 << 20
    tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_cut_at_the_lie(uploads: Path) -> None:
    (source,) = handed_in(uploads, declared(packed(("zeros.png", bytes(50 << 20))), 1000))
    assert refusal(source) == "zip_damaged"
    assert sum(path.stat().st_size for path in uploads.rglob("*") if path.is_file()) < 1 << 20


def test_what_a_zip_unpacks_to_is_bounded(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.batch.sources.MAX_UNPACKED", 1000)
    (source,) = handed_in(uploads, packed(("a.png", bytes(600)), ("b.png", bytes(600))))
    assert refusal(source) == "zip_large"


def test_a_zip_of_ten_thousand_is_one_sentence(uploads: Path) -> None:
    (source,) = handed_in(uploads, packed(*((f"{number}.png", b"x") for number in range(10_000))))
    assert refusal(source) == "batch_many"
    assert source.error and "10000" in source.error.message


def test_a_list_of_files_too_long_to_be_read_is_refused(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.batch.sources.DIRECTORY_BYTES", 1000)
    (source,) = handed_in(uploads, packed(*((f"{number}.png", b"x") for number in range(100))))
    assert refusal(source) == "batch_many"


def test_a_locked_an_empty_and_a_broken_zip(uploads: Path) -> None:
    good = packed(("a.png", b"picture" * 99))
    for data, reason in (
        (flagged(good, 1), "zip_locked"),
        (packed(), "zip_empty"),
        (packed(("folder/", b"")), "zip_empty"),
        (good[: len(good) // 2], "zip_damaged"),
        (packed(("a.png", b"picture"), method=zipfile.ZIP_LZMA), "zip_method"),
        (packed(("inner.zip", good)), "zip_nested"),
        (packed(("inner.png", good)), "zip_nested"),
    ):
        (source,) = handed_in(uploads, data)
        assert refusal(source) == reason


def test_one_damaged_file_in_a_zip_spoils_no_other(uploads: Path) -> None:
    data = packed(("a.png", b"first file"), ("b.png", b"second file"), method=zipfile.ZIP_STORED)
    first, second = handed_in(uploads, data.replace(b"first file", b"first liar"))
    assert refusal(first) == "zip_damaged" and read(second) == b"second file"


def test_a_list_of_files_wrong_in_any_byte_is_a_sentence_or_another_list(uploads: Path) -> None:
    good = packed(("照片/a.png", b"picture" * 99), ("b.png", b"another"))
    for place in range(good.index(b"PK\x01\x02"), len(good)):
        for source in handed_in(uploads, good[:place] + bytes([good[place] ^ 0x81]) + good[place + 1 :]):
            assert source.name
            assert source.error is None or source.error.reason in ERRORS


def test_chinese_names_are_read_as_they_were_written(uploads: Path) -> None:
    (gbk,) = handed_in(uploads, named_in_gbk("照片/全家福.jpg", b"x"))
    (utf8,) = handed_in(uploads, packed(("照片/全家福.jpg", b"x")))
    assert gbk.name == utf8.name == "照片/全家福.jpg"
    assert read(gbk) == b"x"


def test_none_too_many_foreign_and_expired_files(uploads: Path) -> None:
    for given in (None, [], "x"):
        with pytest.raises(PrewarmError, match="Choose files"):
            sources(given)
    (source,) = handed_in(uploads, b"picture", "a.png")
    with pytest.raises(PrewarmError, match="at most 500"):
        sources([{"path": str(source.path)}] * (MAX_FILES + 1))
    with pytest.raises(PrewarmError, match="not uploaded"):
        sources([{"path": "/etc/passwd"}])
    source.path.unlink()
    assert refusal(source) == "file_gone"
