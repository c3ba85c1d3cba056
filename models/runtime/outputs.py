"""Results that stay: a folder for each day with the files, and a line of parameters for each in its `results.jsonl`."""

import json
import logging
import os
import secrets
import tempfile
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from models.errors import UnusableError
from models.weights import atomic_file, stale_files

ROOM_BYTES = 2**20  # fewer are not worth a start
LIST = "results.jsonl"

log = logging.getLogger(__name__)


class Outputs:
    """The folder, which several processes may share. `kept` and `failed` count results since the start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = self.failed = 0
        self._is_failing = False
        self._day: Path | None = None
        self._lock = threading.Lock()

    def keep(self, task: str, content: bytes, *, suffix: str, facts: Mapping[str, object]) -> None:
        """One result, with what its line says besides time, task, file and bytes. Whoever waits for the result is not
        troubled when the disk is full: that is logged once, and counted."""
        now = datetime.now().astimezone()
        name = f"{now:%H%M%S}-{task}-{secrets.token_hex(4)}{suffix}"
        line = {"time": now.isoformat(timespec="milliseconds"), "task": task, "file": name, "bytes": len(content)}
        try:
            self._write(self._opened(f"{now:%Y-%m-%d}"), name, content, {**line, **facts})
        except OSError as error:
            self.missed(error)
        else:
            self._told(failing=False)

    def missed(self, error: Exception) -> None:
        """A result could not be kept."""
        if self._told(failing=True):
            log.warning("Results are not kept in %s: %s", self.folder, error)

    def _opened(self, day: str) -> Path:
        """The folder of a day; when a new one begins, what killed processes left half made goes."""
        folder = self.folder / day
        folder.mkdir(exist_ok=True)
        if folder != self._day:
            self._day = folder
            for each in sorted(self.folder.glob("????-??-??"))[-2:]:
                stale_files.sweep(each)
        return folder

    def _write(self, folder: Path, name: str, content: bytes, line: Mapping[str, object]) -> None:
        """Both or neither: a file without its line, or a line without its file, helps nobody."""
        atomic_file.write(folder / name, content)
        try:
            _append(folder / LIST, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError:
            (folder / name).unlink(missing_ok=True)
            raise

    def _told(self, *, failing: bool) -> bool:
        """Count a result; True when it is the first that fails."""
        with self._lock:
            was, self._is_failing = self._is_failing, failing
            self.failed, self.kept = self.failed + failing, self.kept + (not failing)
        if was and not failing:
            log.warning("Results are kept in %s again", self.folder)
        return failing and not was


def check(folder: Path, *, cleaned: Sequence[Path] = (), flag: str = "--outputs") -> None:
    """Make the folder of `flag`, and see that it can be written and lies in none that is `cleaned`. Raises
    UnusableError."""
    named, other = f"the {flag.split('-')[2]} folder {folder}", f"name another with {flag}"
    within = next((each for each in cleaned if folder.resolve().is_relative_to(each.resolve())), None)
    if within:
        raise UnusableError(f"{named} lies in {within}, whose files are deleted by age; {other}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UnusableError(f"{named} is no folder; {other}.") from None
    except OSError as error:
        raise UnusableError(f"{named} cannot be made ({error.strerror}); {other}.") from error
    try:
        # Written, not asked: only so quotas, network disks and full ones tell the truth.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(ROOM_BYTES))
    except OSError as error:
        what = f"cannot be written ({error.strerror}); let user {os.getuid()} write {ROOM_BYTES >> 20} MiB there"
        raise UnusableError(f"{named} {what}, or {other}.") from error


def _append(path: Path, line: bytes) -> None:
    """In one write, which other processes cannot come between; a part of it does not stay."""
    list_ = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        written = os.write(list_, line)
        if written < len(line):
            os.ftruncate(list_, os.lseek(list_, 0, os.SEEK_CUR) - written)
            raise OSError("the disk is full")
    finally:
        os.close(list_)
