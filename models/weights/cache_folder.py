"""Whether the cache can be used at all, told before anything is loaded."""

import logging
import os
import shutil
import tempfile
from pathlib import Path

from models.catalog import CATALOG, DEFAULT_VARIANT
from models.errors import UnusableError

log = logging.getLogger(__name__)

ROOM_BYTES = 128 * 2**20  # what the sample models come to, prepared; a download asks for more when it begins


def home() -> Path | None:
    """The user's home; None for one without HOME and without an entry in /etc/passwd."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def default() -> Path:
    """In the user's home; where that cannot be written, in the system's temporary folder, so that a user id without a
    home (docker run --user) can start."""
    own, place = home(), _spare()
    cache = own / ".cache" / "prewarm" if own else place
    # os.path's: that of Path raises in a home that may not be looked into.
    above = next(folder for folder in (cache, *cache.parents) if os.path.exists(folder))
    return cache if above == cache or os.access(above, os.W_OK | os.X_OK) else place


def _spare() -> Path:
    try:
        return Path(tempfile.gettempdir()) / f"prewarm-cache-{os.getuid()}"
    except FileNotFoundError:  # none can be written
        return Path("/tmp") / f"prewarm-cache-{os.getuid()}"


def check(cache: Path) -> None:
    """It must be writable with some room, or complete: then it may be read-only or full. Raises UnusableError."""
    if os.fsencode(cache).decode(errors="replace") != str(cache):
        shown = str(cache).encode(errors="backslashreplace").decode()
        raise UnusableError(f"the cache {shown} has a name that is no UTF-8, which OpenVINO needs; name another.")
    try:
        cache.mkdir(0o700 if cache == _spare() else 0o777, parents=True, exist_ok=True)
    except FileExistsError:
        raise UnusableError(f"the cache {cache} is no folder; name another with --cache.") from None
    except OSError as error:
        what = f"cannot be made ({error.strerror}); mount a volume there that {_who()} may write."
        raise UnusableError(f"the cache {cache} {what}") from error
    if cache == _spare():
        if cache.is_symlink() or cache.stat().st_uid != os.getuid():
            raise UnusableError(f"the cache {cache} was made by somebody else; name one of your own with --cache.")
        log.warning("prewarm: there is no home to write to: prepared models are kept in %s (--cache)", cache)
    if not os.access(cache, os.R_OK | os.X_OK):
        raise UnusableError(f"the cache {cache} cannot be read by {_who()}; {_chown(cache)}.")
    if is_prepared(cache):
        return
    if not is_writable(cache):
        what = f"holds no prepared models and {_who()} cannot write it; {_chown(cache)}."
        raise UnusableError(f"the cache {cache} {what}")
    if shutil.disk_usage(cache).free < ROOM_BYTES:
        what = f"is full; free {ROOM_BYTES >> 20} MiB there, or name another with --cache."
        raise UnusableError(f"the disk of the cache {cache} {what}")


def is_prepared(cache: Path) -> bool:
    """Whether something is kept for the default model of every task."""
    names = [models[DEFAULT_VARIANT[task]].key for task, models in CATALOG.items()]
    return all(any((cache / "artifacts").glob(f"{name}-*/*")) for name in names)


def is_writable(folder: Path) -> bool:
    """Whether a file can be written there: on network disks `access` is only an opinion."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _who() -> str:
    return f"user {os.getuid()}"


def _chown(folder: Path) -> str:
    return f"it belongs to user {folder.stat().st_uid}: chown -R {os.getuid()} it on the host, or run as its owner"
