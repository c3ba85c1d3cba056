"""The port, taken before anything is loaded.

Imported before the models begin to load, so it imports nothing that takes time.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from models.errors import UnusableError
from models.runtime import outputs, temporary_folder
from preload import EXIT_CODE
from settings import Settings


def check_folders(options: Settings) -> None:
    """Ends the program with EXIT_CODE when results or jobs cannot be kept where they are to be."""
    try:
        if options.outputs:
            cleaned = [folder for folder in (options.jobs_dir, temporary_folder.around(options.outputs)) if folder]
            outputs.check(options.outputs, cleaned=cleaned)
        if options.jobs_dir:
            _check_jobs(options.jobs_dir)
    except UnusableError as error:
        print(f"prewarm: {error}", file=sys.stderr)
        sys.exit(EXIT_CODE)


def _check_jobs(folder: Path) -> None:
    outputs.check(folder, flag="--jobs-dir")
    if (owner := folder.stat().st_uid) != os.getuid():
        what = f"belongs to user {owner}, and jobs are for their owner's eyes"
        raise UnusableError(
            f"the jobs folder {folder} {what}; chown {os.getuid()} it, or name another with --jobs-dir."
        )


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
        listener.close()
        sys.exit(f"prewarm: cannot listen on {host}:{port} ({error.strerror}); choose another with --host and --port.")
    return listener


@contextmanager
def ending(end: Callable[[int], NoReturn]) -> Iterator[None]:
    """A start that finds no more memory or threads within the block is over, by `end` with EXIT_CODE: one sentence."""
    try:
        yield
    except MemoryError:
        _give_up("there is no more memory; free some, or allow more (ulimit -v, or the container's limit)", end)
    except RuntimeError as error:
        if "new thread" not in str(error):
            raise
        _give_up("no more threads may be started; allow more (ulimit -u, or the container's pids limit)", end)


def _give_up(what: str, end: Callable[[int], NoReturn]) -> NoReturn:
    print(f"prewarm: {what}.", file=sys.stderr)
    end(EXIT_CODE)
