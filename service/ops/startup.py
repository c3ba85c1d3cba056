"""What would stop the server later, told before anything is loaded: in one sentence, with the remedy.

Imported before the models begin to load, so it imports nothing that takes time.
"""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from models.runtime import outputs
from models.weights import cache_folder
from preload import EXIT_CODE
from settings import Settings


def check(options: Settings) -> None:
    """Ends the program with EXIT_CODE when the cache, or the folder for uploads or for outputs, cannot be used."""
    try:
        cache_folder.check(options.cache)
        uploads = _checked_uploads()
        if options.outputs:
            cleaned = [folder for folder in (options.jobs_dir, *_cleaned(uploads, options.outputs)) if folder]
            outputs.check(options.outputs, cleaned=cleaned)
    except cache_folder.UnusableError as error:
        _stop(str(error))


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


def _checked_uploads() -> Path:
    """Where pictures and recordings of visitors lie for a while."""
    try:
        folder = Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        _stop("there is no folder for uploads that can be written; mount a tmpfs on /tmp, or name one in TMPDIR.")
    if not cache_folder.is_writable(folder):
        _stop(f"uploads cannot be written to {folder}; mount a tmpfs there, or name another folder in GRADIO_TEMP_DIR.")
    return folder


def _cleaned(uploads: Path, outputs: Path) -> Iterator[Path]:
    """The folders above `outputs` that a server of this user wipes or cleans, whatever its port."""
    base, path = uploads.resolve(), outputs.resolve()
    return (each for each in (path, *path.parents) if each.parent == base and each.name.startswith(uploads_prefix()))


def uploads_prefix() -> str:
    """How the folder of uploads of any server of this user begins; its port follows."""
    return f"prewarm-{os.getuid()}-"


def _stop(sentence: str) -> NoReturn:
    print(f"prewarm: {sentence}", file=sys.stderr)
    sys.exit(EXIT_CODE)
