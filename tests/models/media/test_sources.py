"""A file is read alike from bytes, a path and an open file."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from models.media.sources import Source, read, size_of

DATA = bytes(range(200))


def on_disk(folder: Path) -> Path:
    (folder / "file").write_bytes(DATA)
    return folder / "file"


def read_before(folder: Path) -> io.BytesIO:
    file = io.BytesIO(DATA)
    file.read(50)
    return file


@pytest.mark.parametrize("source", [lambda folder: DATA, on_disk, read_before], ids=["bytes", "path", "open"])
def test_all_of_it_is_read_and_measured_as_often_as_wanted(source: Callable[[Path], Source], tmp_path: Path) -> None:
    given = source(tmp_path)
    assert (size_of(given), read(given, 1000), size_of(given), read(given, 1000)) == (200, DATA, 200, DATA)


@pytest.mark.parametrize("source", [on_disk, read_before], ids=["path", "open"])
def test_no_more_is_read_than_shows_that_it_is_too_much(source: Callable[[Path], Source], tmp_path: Path) -> None:
    assert read(source(tmp_path), 100) == DATA[:101]
