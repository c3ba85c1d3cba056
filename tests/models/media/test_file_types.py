"""What a file is, by its first bytes alone."""

import pytest

from models.media.file_types import SUFFIXES, kind_of
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
