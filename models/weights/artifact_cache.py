"""What is prepared from weights once, in a folder that several processes and hosts may share: one prepares it while the
others wait, and nobody ever sees half of it. Where nothing can be written, everybody prepares their own."""

import json
import logging
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

from models.catalog import Model
from models.errors import PrewarmError
from models.weights import lease, stale_files
from models.weights.atomic_file import replacing
from models.weights.lease import IdleError

PATIENCE_SECONDS = 900.0  # converting the largest model takes a tenth of it

SUMS = ".sums.json"  # beside the files of each folder
BLOCK = 1 << 20

Make = Callable[[Path], object]
T = TypeVar("T")


class _Slot(Protocol):
    @property
    def model(self) -> Model: ...


log = logging.getLogger(__name__)


@contextmanager
def prepared(folder: Path, make: Make) -> Iterator[Path]:
    """`folder`, filled by `make`; for the length of the block one of this process alone where it can't be kept."""
    if keep(folder, make):
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="prewarm-artifacts-") as own:
            make(Path(own))
            yield Path(own)


def keep(folder: Path, make: Make) -> bool:
    """Have `folder` filled by `make`, here or by another process; False where it cannot be kept. What `make` raises
    passes through, but for OSError."""
    if os.path.isdir(folder):  # that of Path raises where the folder around it is locked
        return True
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with lease.exclusive(folder.parent, patience=PATIENCE_SECONDS, progress=lambda done, total: None):
            stale_files.sweep(folder.parent)
            if not folder.is_dir():
                _make(folder, make)
    except (OSError, IdleError) as error:
        log.info("%s is not kept (%s)", folder.name, error)
    return os.path.isdir(folder)


def build_sound(slot: _Slot, *, build: Callable[[_Slot], T], artifacts: Path) -> T:
    """What `build` makes of a slot. Where it fails and something that was prepared for the model below `artifacts` is
    not as it was made, that is removed, and it builds once more."""
    try:
        return build(slot)
    except Exception as error:  # whatever damaged files make an engine raise
        if not _is_of_damage(error) or not _discard_damaged(artifacts, slot.model.key):
            raise
    return build(slot)


def _is_of_damage(error: Exception) -> bool:
    """Whether it may be: not what is said of weights, and not where memory ends, which preparing takes more of."""
    if isinstance(error, PrewarmError):
        return error.reason in ("known_answer", "nonsense")
    return not isinstance(error, MemoryError)


def _discard_damaged(artifacts: Path, key: str) -> bool:
    """Whether there was something, and it could be removed."""
    made = [path for model in artifacts.glob(f"{key}-*") for path in (*model.glob("*/"), *model.glob("compiled/*/"))]
    # Names that begin with a dot are of work under way, here or elsewhere.
    damaged = [path for path in made if path.name[0] != "." and path.name != "compiled" and not _is_sound(path)]
    for path in damaged:
        log.warning("%s/%s was damaged and is prepared anew", path.parent.name, path.name)
        with suppress(OSError):  # in one step, for others who look for it
            path = path.rename(path.with_name(f".{stale_files.mark()}"))
        stale_files.remove(path)
    return bool(damaged) and not any(path.exists() for path in damaged)


def _is_sound(folder: Path) -> bool:
    try:
        return bool(json.loads((folder / SUMS).read_text()) == _sums(folder))
    except (OSError, ValueError):
        return False


def _sums(folder: Path) -> dict[str, int]:
    """A checksum of each file, by its path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != SUMS)
    return {path.relative_to(folder).as_posix(): _sum(path) for path in files}


def _sum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found = zlib.crc32(block, found)
    return found


def _make(folder: Path, make: Make) -> None:
    # It fails where a process that took this one for dead was faster, with the same content.
    with replacing(folder) as beside:
        beside.mkdir()
        make(beside)
        (beside / SUMS).write_text(json.dumps(_sums(beside)))
