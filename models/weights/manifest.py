"""What the files of a model should be: size and sha256 of each, and a stamp that spares hashing unchanged ones."""

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.errors import WeightsError
from models.weights import atomic_file, stale_files
from models.weights.inspection import inspect_file

log = logging.getLogger(__name__)

HASH_BLOCK = 1 << 20
# File systems keep times in kernel ticks of up to 10 ms: a change within the tick of the stamp would not show.
TICK_SECONDS = 0.02
SAMPLES_MANIFEST = "manifest.json"

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """One file. `stamp` is empty where it was never seen on this machine, `sha256` where the hub names none."""

    size: int
    sha256: str
    stamp: Stamp = ()


Files = Mapping[str, Entry]


@dataclass(frozen=True)
class Record:
    """The files of one folder as they were when it was found or fetched."""

    revision: str
    files: Files


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest_of(files: Files) -> str:
    """One short name for the content of all files together."""
    lines = "\n".join(f"{name} {entry.sha256}" for name, entry in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


@contextmanager
def _reading() -> Iterator[None]:
    """What the system refuses becomes a WeightsError: it is said on the page, and tried again."""
    try:
        yield
    except OSError as error:
        path = Path(str(error.filename))
        raise WeightsError(
            f"{path} cannot be read by user {os.getuid()} ({error.strerror}). Allow it with chmod or chown.",
            reason="unreadable_file",
            file=path.name,
            folder=str(path.parent),
        ) from error


@_reading()
def missing(folder: Path, names: Iterable[str]) -> list[str]:
    """Which of the files are not there under their own name; a partial download has another name."""
    return [name for name in names if not (folder / name).is_file()]


def require(folder: Path, names: Iterable[str], remedy: str) -> None:
    """Raises WeightsError naming the first file that is not there."""
    absent = missing(folder, names)
    if absent:
        raise WeightsError(
            f"{absent[0]} is missing in {folder}. {remedy}", reason="missing_file", file=absent[0], folder=str(folder)
        )


@_reading()
def observe(folder: Path, names: Iterable[str]) -> dict[str, Entry]:
    """First sight: looks into each file, then takes its size, sha256 and stamp. Raises WeightsError."""
    return {name: _observed(folder / name, name) for name in names}


@_reading()
def verify(folder: Path, expected: Files, remedy: str) -> dict[str, Entry]:
    """The entries with fresh stamps. Raises WeightsError naming a file that differs and what to do about it."""
    require(folder, expected, remedy)
    return {name: _verified(folder / name, entry, remedy) for name, entry in expected.items()}


def _observed(path: Path, name: str) -> Entry:
    stamp = settled_stamp(path)
    inspect_file(path, name)
    return Entry(stamp[0], sha256_of(path), stamp)


def _verified(path: Path, entry: Entry, remedy: str) -> Entry:
    stamp = stamp_of(path)
    if stamp == entry.stamp:
        return entry
    stamp = settled_stamp(path)
    if stamp[0] != entry.size:
        raise _damaged(path, f"it has {stamp[0]} bytes, not {entry.size}", remedy)
    if sha256_of(path) != entry.sha256:
        raise _damaged(path, "its content changed", remedy)
    return replace(entry, stamp=stamp)


def _damaged(path: Path, what: str, remedy: str) -> WeightsError:
    message = f"{path} is damaged: {what}. {remedy}"
    return WeightsError(message, reason="damaged_file", file=path.name, folder=str(path.parent))


def stamp_of(path: Path) -> Stamp:
    """Changes whenever the file is written or replaced; ctime tells even when the mtime was put back."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def settled_stamp(path: Path) -> Stamp:
    """The stamp, taken once any later change must show in it."""
    age = time.time() - path.stat().st_ctime
    if age < TICK_SECONDS:
        time.sleep(TICK_SECONDS)
    return stamp_of(path)


def read_record(path: Path) -> Record | None:
    """The record kept at `path`, or None where there is none that can be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        files = {name: Entry(e["size"], e["sha256"], tuple(e["stamp"])) for name, e in content["files"].items()}
        return Record(content["revision"], files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("the record %s cannot be read and is made anew (%s)", path.name, error)
        return None


def write_record(path: Path, record: Record) -> None:
    """Keeps the record; on a read-only disk it is simply not kept, and hashing is repeated next time."""
    try:
        _write_json(path, {"revision": record.revision, "files": _plain(record.files)})
    except OSError as error:
        log.info("the record %s is not kept (%s)", path.name, error.strerror)


def write_manifest(samples: Path) -> Path:
    """Writes `manifest.json` for every folder of sample weights, after looking into each file."""
    folders = sorted(path for path in samples.iterdir() if path.is_dir())
    content = {folder.name: _plain(observe(folder, _names(folder)), stamps=False) for folder in folders}
    path = samples / SAMPLES_MANIFEST
    _write_json(path, content)
    return path


def read_manifest(samples: Path, folder: str, names: Iterable[str]) -> dict[str, Entry]:
    """The committed entries of files in one sample folder. Raises WeightsError when the manifest lacks any."""
    path = samples / SAMPLES_MANIFEST
    try:
        entries = json.loads(path.read_text("utf-8"))[folder]
        return {name: Entry(entries[name]["size"], entries[name]["sha256"]) for name in names}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} does not describe the sample weights {folder}. Restore it from the repository."
        raise WeightsError(message, reason="damaged_file", file=path.name, folder=str(samples)) from error


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _plain(files: Files, *, stamps: bool = True) -> dict[str, dict[str, object]]:
    plain = {name: asdict(entry) for name, entry in sorted(files.items())}
    return plain if stamps else {name: {"size": e["size"], "sha256": e["sha256"]} for name, e in plain.items()}


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    stale_files.sweep(path.parent)
    atomic_file.write(path, json.dumps(content, indent=1) + "\n")
