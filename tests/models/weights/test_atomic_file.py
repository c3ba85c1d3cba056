"""What is replaced is whole or as it was, whatever happens in between."""

import multiprocessing
import os
from pathlib import Path

import pytest

from models.weights import atomic_file, stale_files


def test_a_file_of_bytes_and_one_of_text_take_the_place_of_what_was_there(tmp_path: Path) -> None:
    atomic_file.write(tmp_path / "a", b"old")
    atomic_file.write(tmp_path / "a", "neu: ü")
    assert (tmp_path / "a").read_bytes() == "neu: ü".encode() and len(list(tmp_path.iterdir())) == 1


def make_folder(path: Path, content: bytes) -> None:
    with atomic_file.replacing(path) as beside:
        beside.mkdir()
        (beside / "file").write_bytes(content)
        assert not (path / "file").exists() or (path / "file").read_bytes() != content


def test_a_folder_comes_with_all_in_it_and_never_onto_another(tmp_path: Path) -> None:
    make_folder(tmp_path / "folder", b"first")
    with pytest.raises(OSError, match="not empty"):
        make_folder(tmp_path / "folder", b"second")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert (tmp_path / "folder" / "file").read_bytes() == b"first"


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(ValueError), atomic_file.replacing(tmp_path / "a") as beside:
        beside.write_bytes(b"half")
        raise ValueError
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    atomic_file.write(tmp_path / ("n" * 255), b"")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic_file.write(tmp_path / "gone" / "a", b"")
    assert not list(tmp_path.iterdir())


def killed_half_way(path: Path) -> None:
    with atomic_file.replacing(path) as beside:
        beside.write_bytes(b"half")
        os._exit(1)


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=killed_half_way, args=(tmp_path / "a",))
    process.start()
    process.join()
    assert len(list(tmp_path.iterdir())) == 1
    stale_files.sweep(tmp_path)
    assert not list(tmp_path.iterdir())
