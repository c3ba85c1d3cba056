"""What is prepared from weights once, in a folder that several processes and hosts may share: one prepares it while the
others wait, and nobody ever sees half of it. Where nothing can be written, everybody prepares their own."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from models.weights import lease, stale_files
from models.weights.atomic_file import replacing
from models.weights.lease import IdleError

PATIENCE_SECONDS = 900.0  # converting the largest model takes a tenth of it

Make = Callable[[Path], object]

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
    if folder.is_dir():
        return True
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with lease.exclusive(folder.parent, patience=PATIENCE_SECONDS, progress=lambda done, total: None):
            stale_files.sweep(folder.parent)
            if not folder.is_dir():
                _make(folder, make)
    except (OSError, IdleError) as error:
        log.info("%s is not kept (%s)", folder.name, error)
    return folder.is_dir()


def _make(folder: Path, make: Make) -> None:
    # It fails where a process that took this one for dead was faster, with the same content.
    with replacing(folder) as beside:
        beside.mkdir()
        make(beside)
