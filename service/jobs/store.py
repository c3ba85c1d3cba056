"""Jobs on the disk: a folder each, with what was sent, what came out and a record of its state.

Any instance that shares the folder can answer for a job, whoever works on it: the record is replaced as a whole, and
its time of change is the lease. Only the instance that took the job writes its record; anybody may leave the mark that
cancels it.
"""

import json
import os
import re
import secrets
import shutil
import time
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

from models.media.file_names import Names, stem_of
from models.weights import atomic_file

State = Literal["queued", "running", "done", "failed", "cancelled", "expired", "interrupted", "lost"]
UNFINISHED: tuple[State, ...] = ("queued", "running")
LEASE_SECONDS = 30.0  # a record that nobody renewed for so long belongs to an instance that is no more

_ID = re.compile(r"[0-9a-f]{32}")
_RECORD, _MARK, _ZIP = "record.json", "cancelled", "results.zip"
_SENT, _OPTION = "in-", "option-"
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/json": "json"}


@dataclass(frozen=True)
class Item:
    """One file of a job: `source` is what it was called, `result` what its result is; `code` and `message` say why it
    failed."""

    number: int
    source: str | None = None
    state: Literal["waiting", "done", "failed"] = "waiting"
    code: str | None = None
    message: str | None = None
    result: str | None = None
    media_type: str | None = None
    bytes: int = 0

    @property
    def file(self) -> str:
        return f"{self.number:04d}.{_ENDINGS[self.media_type or '']}"


@dataclass(frozen=True)
class Record:
    """What is told of a job; times in seconds since 1970, `progress` in 0..1."""

    id: str
    task: str
    created: float
    state: State = "queued"
    progress: float = 0.0
    finished: float | None = None
    items: tuple[Item, ...] = field(default=())

    def name(self, number: int, result: str) -> str:
        """What the result of a file is called, its name ending in `result`; no two of a job are called alike."""
        names = Names()
        stems = [names.unique(stem_of(item.source or f"{item.number:04d}"), "") for item in self.items]
        return f"{stems[number - 1]}.{result}"

    def nameless(self) -> "Record":
        """Without what the files were called."""
        return replace(self, items=tuple(replace(item, source=None, result=None) for item in self.items))

    def told(self, retention_seconds: float) -> dict[str, object]:
        """As REST shows it."""
        states = [item.state for item in self.items]
        return {
            **{name: value for name, value in asdict(self).items() if name != "items"},
            "expires": (self.finished or self.created) + retention_seconds,
            "total": len(states),
            "done": states.count("done"),
            "failed": states.count("failed"),
            "items": [{k: v for k, v in asdict(item).items() if v is not None} for item in self.items],
        }


class JobStore:
    """The folder of all jobs, open to this user alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Make the folder."""
        if self.folder.is_symlink():
            self.folder.unlink()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{self.folder} belongs to somebody else: choose another with --jobs-dir.")

    def new_id(self) -> str:
        found = secrets.token_hex(16)
        (self.folder / found).mkdir(mode=0o700)
        return found

    def add(self, job: str, number: int, source: BinaryIO) -> int:
        """Keep the file `number`; its bytes."""
        return _copy(source, self.sent(job, number))

    def sent(self, job: str, number: int) -> Path:
        return self.folder / job / f"{_SENT}{number:04d}"

    def add_option(self, job: str, name: str, source: BinaryIO) -> Path:
        """Keep the file that an option is; its path."""
        path = self.folder / job / f"{_OPTION}{name}"
        _copy(source, path)
        return path

    def result(self, job: str, item: Item) -> Path:
        return self.folder / job / item.file

    def write(self, record: Record) -> None:
        """Replace the record as a whole. Nothing where the folder is gone: its time was up."""
        self._replace(self.folder / record.id / _RECORD, json.dumps(asdict(record), ensure_ascii=False).encode())

    def save(self, job: str, item: Item, content: bytes) -> None:
        self._replace(self.folder / job / item.file, content)

    def read(self, job: str) -> Record | None:
        """The record as it is true now: cancelled where there is the mark, lost where the lease is over."""
        record, age = self._stored(job), self._age(job)
        if record is None:
            return None
        if self.is_cancelled(job):
            return replace(record.nameless(), state="cancelled", finished=time.time() - age)
        if record.state in UNFINISHED and age > LEASE_SECONDS:
            return replace(record, state="lost", finished=time.time() - age)
        return record

    def cancel(self, job: str) -> None:
        """Leave the mark, and take away what was sent and what came out."""
        (self.folder / job / _MARK).touch()
        self.clear(job)

    def is_cancelled(self, job: str) -> bool:
        return (self.folder / job / _MARK).exists()

    def clear(self, job: str, *, results: bool = True) -> None:
        for path in (self.folder / job).glob("*"):
            if path.name not in (_RECORD, _MARK) and (results or path.name.startswith((_SENT, _OPTION))):
                path.unlink(missing_ok=True)

    def renew(self, job: str) -> None:
        """Everything of the job is as young as its end, so that it goes together."""
        for path in (self.folder / job).glob("*"):
            path.touch()

    def zipped(self, record: Record) -> Path:
        """All results of a job that is over, and its record as `job.json`; made at the first call."""
        target = self.folder / record.id / _ZIP
        if not target.exists():
            with atomic_file.replacing(target) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
                for item in record.items:
                    if item.state == "done" and self.result(record.id, item).is_file():
                        archive.write(self.result(record.id, item), item.result or item.file)
                archive.writestr("job.json", json.dumps(asdict(record), ensure_ascii=False, indent=1))
        return target

    def size(self) -> int:
        """Bytes of all jobs."""
        return sum(path.stat().st_size for path in self.folder.glob("*/*") if path.is_file())

    def _stored(self, job: str) -> Record | None:
        if not _ID.fullmatch(job):
            return None
        try:
            found = json.loads((self.folder / job / _RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return Record(**{**found, "items": tuple(Item(**item) for item in found["items"])})

    def _age(self, job: str) -> float:
        try:
            return time.time() - (self.folder / job / _RECORD).stat().st_mtime
        except OSError:
            return 0.0

    def _replace(self, path: Path, content: bytes) -> None:
        with suppress(FileNotFoundError):
            atomic_file.write(path, content)


def _copy(source: BinaryIO, path: Path) -> int:
    """Write the rest of `source` to `path`; its bytes."""
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, 2**20)
        return target.tell()
