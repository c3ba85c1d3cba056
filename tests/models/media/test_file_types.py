"""What a file is, by its first bytes alone."""

from pathlib import Path

import pytest

from models.media.file_types import SUFFIXES, belongs, is_clutter, kind_of
from tests.helpers.picture_makers import PNG
from tests.helpers.recording_makers import encoded, sound

FILES = {"PNG": PNG, "FLAC": sound("FLAC", "PCM_16"), "MP4": encoded("mp4", "aac"), "TIFF": b"II*\0"}


@pytest.mark.parametrize("name", FILES)
def test_content_tells_the_kind(name: str) -> None:
    kind = kind_of(FILES[name][:1024])
    assert kind is not None and kind.name == name


def test_text_is_no_kind_and_suffixes_of_phones_are_known() -> None:
    assert kind_of(b"hello") is None
    assert {".mov", ".caf", ".amr"} <= SUFFIXES["recording"] and {".heic", ".jfif"} <= SUFFIXES["picture"]


def test_content_decides_where_a_file_belongs_and_its_name_where_that_tells_nothing(tmp_path: Path) -> None:
    def meant(name: str, content: bytes) -> tuple[bool, bool]:
        (tmp_path / name).write_bytes(content)
        return belongs(tmp_path / name, "picture"), belongs(tmp_path / name, "recording")

    assert meant("photo", b"\xff\xd8\xff\xe0") == (True, False)
    assert meant("clip.jpg", b"....ftypisom") == (False, True)
    assert meant("torn.jpg", b"") == (True, False)
    assert meant("stray.MP3", bytes(99)) == (False, True)
    assert meant("letter.txt", "UTF-16".encode("utf-16")) == (False, False)
    assert meant("BMW.txt", b"BMW") == (False, False)


def test_what_systems_leave_behind_is_no_file_of_anybody() -> None:
    assert all(
        map(is_clutter, ("._a.jpg", "x/.DS_Store", "Thumbs.db", "a/desktop.ini", "__MACOSX/a.jpg", ".git/a.jpg"))
    )
    assert not any(map(is_clutter, ("a.jpg", "x/a.jpg", "./a.jpg", "../a.jpg", "thumbs.jpg")))
