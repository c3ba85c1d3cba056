"""Files that arrive: beside first, taken up where an earlier attempt ended, in place once they are whole."""

import hashlib
from pathlib import Path

import pytest

from models.weights.lease import Lease
from models.weights.manifest import Entry
from models.weights.partial_files import PART_SUFFIX, Meter, discard_parts, part_of, same, settle, size_of
from models.weights.stale_files import mark
from tests.helpers.marks import dead_mark

DATA = b"weights"
ENTRY = Entry(len(DATA), hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "model.pb"


def begun(target: Path, mark: str, data: bytes) -> Path:
    part = target.with_name(f"{target.name}.{mark}{PART_SUFFIX}")
    part.write_bytes(data)
    return part


def test_what_a_dead_process_had_is_taken_over(target: Path) -> None:
    left = begun(target, dead_mark(), b"wei")
    part = part_of(target, Lease(target.parent, 1))
    assert part.read_bytes() == b"wei" and not left.exists()


def test_of_several_the_longest_is_taken_and_only_copied_from_who_may_live(target: Path) -> None:
    begun(target, dead_mark(), b"w")
    other = begun(target, mark(), b"weigh")
    with other.open("r+b") as writer:
        part = part_of(target, Lease(target.parent, 1))
        writer.write(b"XXXXX")
    assert part.read_bytes() == b"weigh"
    assert [path for path in target.parent.iterdir() if path.name.endswith(PART_SUFFIX)] == [part]


def test_a_file_is_the_same_by_size_and_content(target: Path) -> None:
    assert not same(target, ENTRY) and size_of(target) == 0
    target.write_bytes(b"weightz")
    assert not same(target, ENTRY) and same(target, Entry(len(DATA), ""))
    target.write_bytes(DATA)
    assert same(target, ENTRY)


def test_a_verified_file_takes_its_place_and_the_damaged_one_is_kept_aside(target: Path) -> None:
    target.write_bytes(b"broken")
    part = begun(target, mark(), DATA)
    settle(part, target)
    assert target.read_bytes() == DATA and not part.exists()
    assert target.with_name("model.pb.damaged").read_bytes() == b"broken"


def test_other_attempts_go_and_other_files_stay(target: Path) -> None:
    begun(target, mark(), b"w")
    other = begun(target.with_name("other.pb"), mark(), b"w")
    discard_parts(target)
    assert list(target.parent.iterdir()) == [other]


def test_progress_is_told_over_all_files() -> None:
    told: list[tuple[int, int]] = []
    meter = Meter(lambda done, total: told.append((done, total)), {"a": Entry(10, ""), "b": Entry(5, "")})
    meter.reach("a", 4)
    meter.finish("b")
    meter.finish("a")
    assert told == [(4, 15), (9, 15), (15, 15)]
