"""One temporary folder for each process: what visitors send and get lies nowhere else, and is gone with the process.

The folder itself is locked while its process lives (flock): however that ends, and in whatever container, the system
takes the lock away, and the next program to start clears what nobody locks. systemd-tmpfiles heeds the lock too.
"""

import atexit
import fcntl
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from models.errors import UnusableError
from models.weights import cache_folder

PREFIX = "prewarm-temporary-"
ATTEMPTS = 5  # a thread at work may put a file into a folder that is being removed


@dataclass(frozen=True)
class TemporaryFolder:
    """A folder that only this user can read, locked by `handle`."""

    path: Path
    handle: int

    def remove(self) -> None:
        """Everything in it and itself. What cannot be removed is left to the next start."""
        for _ in range(ATTEMPTS):
            shutil.rmtree(self.path, ignore_errors=True)
            if not self.path.exists():
                break

    def end(self, code: int) -> NoReturn:
        """End the process at once, whatever its threads do, and leave nothing."""
        self.remove()
        os._exit(code)

    def end_at_signals(self) -> None:
        """Have SIGTERM, SIGHUP and SIGQUIT end the process so."""
        self._end_at(signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

    def end_at_interrupts(self) -> None:
        """Have Ctrl-C end it so too, without a traceback."""
        self._end_at(signal.SIGINT)

    def _end_at(self, *numbers: signal.Signals) -> None:
        def ended(number: int, frame: FrameType | None) -> None:
            self.end(128 + number)

        for number in numbers:
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup, or `&` in a script
                signal.signal(number, ended)


def make(base: Path | None) -> TemporaryFolder:
    """That of this process, in `base` or else the system's folder; all that Python puts into temporary files is put
    there from now on, and what libraries keep in a home where the user has none. Raises UnusableError."""
    try:
        base = (base or Path(tempfile.gettempdir())).absolute()
        base.mkdir(parents=True, exist_ok=True)
    except OSError:
        text = "there is no folder for uploads that can be written; mount a tmpfs on /tmp, or name one in TMPDIR."
        raise UnusableError(text) from None
    if not cache_folder.is_writable(base):
        remedy = "mount a tmpfs there, or name another folder in GRADIO_TEMP_DIR."
        raise UnusableError(f"uploads cannot be written to {base}; {remedy}")
    sweep(base)
    made = _locked(base)
    atexit.register(made.remove)
    tempfile.tempdir = str(made.path)
    _give_home(made.path)
    return made


def _give_home(folder: Path) -> None:
    """ModelScope's import ends where no home is known, and getpass where no name is."""
    home = cache_folder.home()
    if home is None or not os.access(home, os.W_OK | os.X_OK):
        os.environ["HOME"] = str(folder)
        os.environ.setdefault("LOGNAME", str(os.getuid()))


def sweep(base: Path) -> None:
    """Remove the folders in `base` whose processes are gone, whatever user's, as far as permissions go."""
    for path in base.glob(f"{PREFIX}*"):
        with suppress(OSError):  # locked, or somebody else's
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)


def around(path: Path) -> Path | None:
    """The temporary folder of a process, of this or another, that `path` lies in."""
    return next((each for each in (path, *path.parents) if each.name.startswith(PREFIX)), None)


def _locked(base: Path) -> TemporaryFolder:
    """A new folder. Another program that starts may have cleared it before it was locked: then one more."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getuid()}-", dir=base))
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDONLY)
            with suppress(OSError):  # a network file system without locks: cleared at the end, not by others
                fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists():
                return TemporaryFolder(path, handle)
            os.close(handle)
