"""Files and folders that nobody ever sees half of: made beside their place, renamed into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.weights import stale_files


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to make the file or folder that takes the place of `path` in one step at the end of the block; what was
    there before stays until then. Removed where the block raises, and by `stale_files` where the process is killed."""
    # Without the name it is for, which may already be as long as a name can be.
    beside = path.with_name(f".{stale_files.mark()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        stale_files.remove(beside)


def write(path: Path, content: bytes | str) -> None:
    """Replace `path` by a file of these bytes, or of this text in UTF-8. Raises OSError; makes no folder."""
    with replacing(path) as beside:
        beside.write_bytes(content if isinstance(content, bytes) else content.encode())
