"""A cache that cannot be used is told in one sentence with the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.running import ROOT
from tests.helpers.users import UNKNOWN, as_unknown

as_root = pytest.mark.skipif(os.getuid() != 0, reason="makes users and mounts")
NOBODY = 65534
PROGRAM = """
import os, sys, pathlib
from models.errors import UnusableError
from models.weights import cache_folder
os.setuid(int(sys.argv[1]))
try:
    cache_folder.check(pathlib.Path(sys.argv[2]))
except UnusableError as error:
    print(error)
"""


def checked(cache: Path, *, user: int = os.getuid(), mount: str = "true") -> str:
    """What is said of this cache to that user, after `mount` in a mount namespace; empty when all is well."""
    command = [sys.executable, "-c", PROGRAM, str(user), str(cache)]
    if mount != "true":
        command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "-", *command]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(told.splitlines()) < 2
    return told


def prepared(cache: Path) -> Path:
    for name in ("cartoon-anime", "matting-portrait", "emotion-large"):
        (cache / "artifacts" / f"{name}-0").mkdir(parents=True)
        (cache / "artifacts" / f"{name}-0" / "answer.json").touch()
    return cache


def test_an_empty_folder_and_one_to_be_made_are_fine(tmp_path: Path) -> None:
    assert checked(tmp_path) == checked(tmp_path / "new" / "one") == ""


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    assert "is no folder" in checked(tmp_path / "cache")


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    assert "no UTF-8" in checked(tmp_path / "caf\udce9")
    assert checked(tmp_path / "café 中文 '\"") == ""


@as_root
def test_a_volume_of_another_owner(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(0o755)
    assert f"chown -R {NOBODY}" in checked(tmp_path, user=NOBODY)
    assert "cannot be made" in checked(tmp_path / "missing", user=NOBODY)
    assert "cannot be read" in checked(_mode(tmp_path / "closed", 0o700), user=NOBODY)


@as_root
def test_a_read_only_volume_must_be_complete(tmp_path: Path) -> None:
    mount = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path}"
    assert "holds no prepared models" in checked(tmp_path, mount=mount)
    assert checked(prepared(tmp_path), mount=mount) == ""


@as_root
def test_a_full_volume(tmp_path: Path) -> None:
    assert "is full" in checked(tmp_path, mount=f"mount -t tmpfs -o size=1m none {tmp_path}")


HOMELESS = """
import os, sys, settings
from models.errors import UnusableError
from models.weights import cache_folder
options = settings.parse()
try:
    cache_folder.check(options.cache)
except UnusableError as error:
    sys.exit(str(error))
print(options.cache, len(options.modelscope_caches))
"""


def homeless(folder: Path, home: str | None, *flags: str) -> subprocess.CompletedProcess[str]:
    """A user id that /etc/passwd does not have, with `folder` for temporary files."""
    folder.chmod(0o1777)
    for parent in folder.parents[:3]:
        parent.chmod(0o755)
    environ = {**os.environ, "TMPDIR": str(folder)} | ({"HOME": home} if home else {})
    if home is None:
        environ.pop("HOME")
    command = as_unknown([sys.executable, "-c", HOMELESS, *flags])
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


@as_root
@pytest.mark.parametrize("home", [None, "/", "/proc", "/proc/none"])
def test_a_user_without_a_home_has_a_cache_of_its_own_and_is_told_where(tmp_path: Path, home: str | None) -> None:
    done, cache = homeless(tmp_path, home), tmp_path / "prewarm-cache-12345"
    assert done.stdout.split() == [str(cache), "0" if home is None else "1"], done.stderr
    assert done.stderr == f"prewarm: there is no home to write to: prepared models are kept in {cache} (--cache)\n"
    assert (cache.stat().st_uid, cache.stat().st_mode & 0o777) == (UNKNOWN, 0o700)


@as_root
def test_a_home_that_may_not_be_looked_into_is_none(tmp_path: Path) -> None:
    _mode(tmp_path / "locked", 0o700)
    assert str(tmp_path / "prewarm-cache-12345") in homeless(tmp_path, str(tmp_path / "locked")).stdout


@as_root
def test_a_strangers_folder_in_that_place_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "prewarm-cache-12345").mkdir(0o777)
    assert "was made by somebody else" in homeless(tmp_path, None).stderr


@as_root
def test_a_path_in_a_home_that_is_unknown_is_one_line(tmp_path: Path) -> None:
    done = homeless(tmp_path, None, "--cache", "~/here")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "'~/here'" in done.stderr


def _mode(folder: Path, mode: int) -> Path:
    folder.mkdir()
    folder.chmod(mode)
    return folder
