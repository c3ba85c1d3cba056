"""What would stop the program later, told before anything is loaded: in one sentence, with the remedy."""

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from models.catalog import CATALOG, DEFAULT_VARIANT
from settings import Settings

EXIT_CODE = 3
ROOM_BYTES = 128 * 2**20  # what the sample models come to, prepared; a download asks for more when it begins


def check(options: Settings) -> None:
    """Ends the program with EXIT_CODE when the cache or the folder for uploads cannot be used."""
    check_cache(options.cache)
    check_uploads()


def check_cache(cache: Path) -> None:
    """It must be writable with some room, or complete: then it may be read-only or full."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        stop(f"the cache {cache} is no folder; name another with --cache.")
    except OSError as error:
        stop(f"the cache {cache} cannot be made ({error.strerror}); mount a volume there that {_who()} may write.")
    if not os.access(cache, os.R_OK | os.X_OK):
        stop(f"the cache {cache} cannot be read by {_who()}; {_chown(cache)}.")
    if is_prepared(cache):
        return
    if not _writable(cache):
        stop(f"the cache {cache} holds no prepared models and {_who()} cannot write it; {_chown(cache)}.")
    if shutil.disk_usage(cache).free < ROOM_BYTES:
        stop(f"the disk of the cache {cache} is full; free {ROOM_BYTES >> 20} MiB there, or name another with --cache.")


def check_uploads() -> None:
    """Pictures and recordings of visitors lie there for a while."""
    try:
        folder = Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        stop("there is no folder for uploads that can be written; mount a tmpfs on /tmp, or name one in TMPDIR.")
    if not _writable(folder):
        stop(f"uploads cannot be written to {folder}; mount a tmpfs there, or name another folder in GRADIO_TEMP_DIR.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is loaded: early visitors wait, a port in use ends the program."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio switch Nagle's algorithm off, which holds small answers for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        sys.exit(f"prewarm: cannot listen on {host}:{port} ({error.strerror}); choose another with --host and --port.")
    return listener


def is_prepared(cache: Path) -> bool:
    """Whether something is kept for the default model of every task."""
    names = [models[DEFAULT_VARIANT[task]].key for task, models in CATALOG.items()]
    return all(any((cache / "artifacts").glob(f"{name}-*/*")) for name in names)


def stop(sentence: str) -> NoReturn:
    print(f"prewarm: {sentence}", file=sys.stderr)
    sys.exit(EXIT_CODE)


def _writable(folder: Path) -> bool:
    # Really written: on network disks `access` is only an opinion.
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _who() -> str:
    return f"user {os.getuid()}"


def _chown(folder: Path) -> str:
    return f"it belongs to user {folder.stat().st_uid}: chown -R {os.getuid()} it on the host, or run as its owner"
