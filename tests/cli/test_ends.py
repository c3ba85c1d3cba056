"""How the command line ends where its streams, its inputs or its output are not as they should be."""

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_main import WAIT_SECONDS, command, photos, run


@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        (">&-", 0, b"2 done"),
        ("2>&-", 0, b""),
        (">/dev/full", 1, b"standard output cannot be written: No space left on device"),
        ("| true", 0, b""),
    ],
)
def test_standard_streams_that_are_closed_or_full_are_no_crash(
    server: str, tmp_path: Path, shell: str, code: int, said: bytes
) -> None:
    photos(tmp_path, "a.png", "b.png")
    called = shlex.join(command("cartoon", "a.png", "b.png", "--server", server))
    done = subprocess.run(f"{called} {shell}", shell=True, cwd=tmp_path, capture_output=True, timeout=WAIT_SECONDS)
    assert done.returncode == code and said in done.stderr and b"Traceback" not in done.stderr


def test_without_a_standard_input_the_picture_is_empty(server: str, tmp_path: Path) -> None:
    called = shlex.join(command("cartoon", "-", "--server", server)) + " <&-"
    done = subprocess.run(called, shell=True, cwd=tmp_path, capture_output=True, timeout=WAIT_SECONDS)
    assert done.returncode == 1 and b"-: The image file is empty" in done.stderr


def test_the_input_is_never_replaced_and_other_files_not_in_silence(server: str, tmp_path: Path) -> None:
    photos(tmp_path, "a.png", "b.png")
    for arguments, said in (
        (["a.png", "--out", "./a.png"], b"is the input itself"),
        (["a.png", "b.png", "--out", "b.png"], b"name a folder"),
        (["n" * 300], b"there is no file or folder"),
    ):
        done = run(tmp_path, "cartoon", *arguments, "--server", server)
        assert done.returncode == 2 and said in done.stderr and b"Traceback" not in done.stderr
    run(tmp_path, "cartoon", "a.png", "--server", server)
    assert b"1 earlier files replaced" in run(tmp_path, "cartoon", "a.png", "--server", server).stderr


@pytest.mark.parametrize(
    ("name", "magic"), [("o.jpg", b"\xff\xd8"), ("o.JPEG", b"\xff\xd8"), ("o.webp", b"RIFF"), ("o", b"\x89PNG")]
)
def test_the_name_of_a_result_tells_its_format(server: str, tmp_path: Path, name: str, magic: bytes) -> None:
    photos(tmp_path, "a.png")
    assert run(tmp_path, "cartoon", "a.png", "--out", name, "--server", server).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(magic)
