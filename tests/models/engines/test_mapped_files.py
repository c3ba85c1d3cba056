"""Memory of mapped files is given back, and what is in them stays."""

import mmap
import re
import sys
from pathlib import Path

import pytest

from models.engines import mapped_files

SIZE = 2**20


def resident_kb(path: Path) -> int:
    """How much of the mapped file this process holds in memory."""
    found = re.search(rf"{re.escape(str(path))}\n(?:\w+:.*\n)*?Rss: +(\d+) kB", Path("/proc/self/smaps").read_text())
    assert found
    return int(found[1])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is done")
def test_only_files_below_the_folder_are_let_go_of_and_can_still_be_read(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine" / "weights", tmp_path / "other"
    mine.parent.mkdir()
    for path in (mine, other):
        path.write_bytes(b"w" * SIZE)
    with mine.open("rb") as first, other.open("rb") as second:
        maps = [mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE) for file in (first, second)]
        assert [each[:].count(b"w") for each in maps] == [SIZE, SIZE]
        mapped_files.let_go(mine.parent)
        assert resident_kb(mine) == 0 and resident_kb(other) > 0
        assert maps[0][:].count(b"w") == SIZE
