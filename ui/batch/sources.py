"""What a visitor hands in for a batch, files and zips, as single files. Nothing is unpacked before its turn."""

import io
import shutil
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

from models.errors import BadField, PrewarmError, TooLarge, WrongKind
from models.media import audio
from models.media.file_names import safe
from models.media.file_types import is_clutter
from ui.batch.filenames import entry_name, points_outside
from ui.state.files import Payload, name_of, uploaded

MAX_FILES = 500
MAX_UNPACKED = 2 << 30  # bytes of all files of a zip together, as it declares them
MAX_ENTRY = audio.MAX_BYTES  # of one unpacked file; the models' own limits are narrower
MAX_RATIO = 200  # photos and sound hardly shrink, a drawing 50 times, a bomb 1000 times
BOMB_BYTES = 1 << 20  # what is smaller harms nobody, however well it was packed
DIRECTORY_BYTES = 2 << 20  # of a zip's list of files, which Python reads as a whole

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOCKED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may grow a thousandfold in one step
# A hostile zip makes the reader raise nearly anything.
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    struct.error,
)


@dataclass(frozen=True)
class Source:
    """One file of a batch: `name` as the visitor knows it, `entry` its place in a zip, `error` why it is not read."""

    name: str
    path: Path
    entry: int | None = None
    error: PrewarmError | None = None

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The file on disk, for the length of the `with` block. Raises what there is to say about it."""
        if self.error:
            raise self.error
        if not self.path.is_file():
            raise BadField("This file is no longer kept: choose it again.", reason="file_gone")
        if self.entry is None:
            yield self.path
            return
        folder = Path(get_upload_folder()) / uuid.uuid4().hex
        try:
            yield _unpacked(self.path, self.entry, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sources(payloads: object) -> list[Source]:
    """Every file in what the browser sent. Raises BadField and TooLarge; what concerns one file is in its Source."""
    if not isinstance(payloads, list) or not payloads:
        raise BadField("Choose files or a zip first.", reason="batch_empty")
    chosen = [payload for payload in payloads if not is_clutter(name_of(payload))] or payloads
    found = [source for payload in chosen[: MAX_FILES + 1] for source in _sources(payload)]
    if len(found) > MAX_FILES:
        raise _too_many(len(found))
    return found


def _sources(payload: Payload) -> list[Source]:
    file = uploaded(payload)
    name = name_of(payload)
    with file.open("rb") as opened:
        packed = opened.read(4) in _ZIP
    if not packed:
        return [Source(name, file)]
    try:
        return _entries(file, name)
    except PrewarmError as error:
        return [Source(name, file, error=error)]


def _entries(file: Path, name: str) -> list[Source]:
    with _opened(file) as archive:
        entries = [(place, entry) for place, entry in enumerate(archive.infolist()) if _counts(entry)]
    if not entries:
        raise BadField("There is no file in this zip.", reason="zip_empty")
    if len(entries) > MAX_FILES:
        raise _too_many(len(entries))
    _check(entry for _, entry in entries)
    return [Source(_shown(entry), file, place, _objection(entry)) for place, entry in entries]


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Whether the visitor put it there, not the program that packed the zip."""
    return not (entry.is_dir() or is_clutter(entry.filename))


def _shown(entry: zipfile.ZipInfo) -> str:
    """The name with its folders, which tell files of one name apart."""
    parts = [safe(part) for part in entry_name(entry).replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts[-3:]) or "file"


def _check(entries: Iterator[zipfile.ZipInfo]) -> None:
    """What makes a whole zip unfit."""
    total = 0
    for entry in entries:
        total += entry.file_size
        if entry.flag_bits & _LOCKED:
            text = "This zip is locked with a password: unpack it and choose the files."
            raise WrongKind(text, reason="zip_locked")
        if entry.file_size > max(BOMB_BYTES, MAX_RATIO * entry.compress_size):
            text = f"A file in this zip unpacks to more than {MAX_RATIO} times its size, so the zip is not opened."
            raise TooLarge(text, reason="zip_bomb", limit=MAX_RATIO)
    if total > MAX_UNPACKED:
        mebibytes, limit = total >> 20, MAX_UNPACKED >> 20
        text = f"This zip unpacks to {mebibytes} MiB; at most {limit} are read: make several zips."
        raise TooLarge(text, reason="zip_large", size=mebibytes, limit=limit)


def _objection(entry: zipfile.ZipInfo) -> PrewarmError | None:
    """What makes one file of a zip unfit, as far as its list tells."""
    name = entry_name(entry)
    if points_outside(name):
        return BadField("The name of this file points outside the zip, so it was not read.", reason="zip_outside")
    if name.lower().endswith(".zip"):
        return _nested()
    if entry.compress_type not in _METHODS:
        text = "This file is packed in a rare way: pack the zip anew with standard compression."
        return WrongKind(text, reason="zip_method")
    return None


def _unpacked(file: Path, place: int, folder: Path) -> Path:
    folder.mkdir(parents=True)
    target, left = folder / "file", MAX_ENTRY + 1
    with _opened(file) as archive, target.open("wb") as out:
        try:
            with archive.open(archive.infolist()[place]) as packed:
                while left and (piece := packed.read(min(left, 1 << 20))):
                    out.write(piece)
                    left -= len(piece)
        except _UNREADABLE as error:
            raise _damaged() from error
    with target.open("rb") as unpacked:
        if unpacked.read(4) in _ZIP:
            raise _nested()
    return target


class _Bounded(io.FileIO):
    """Refuses to read so much at once: only a zip with a hundred thousand files asks for it."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > DIRECTORY_BYTES:
            raise _too_many(None)
        return super().read(DIRECTORY_BYTES if size is None or size < 0 else size) or b""


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    with _Bounded(file) as opened:
        try:
            archive = zipfile.ZipFile(opened)
        except _UNREADABLE as error:
            raise _damaged() from error
        with archive:
            yield archive


def _too_many(count: int | None) -> TooLarge:
    shown = "too many" if count is None else str(count)
    text = f"There are {shown} files; at most {MAX_FILES} go at once: make several batches."
    return TooLarge(text, reason="batch_many", count=count or f"> {MAX_FILES}", limit=MAX_FILES)


def _damaged() -> WrongKind:
    return WrongKind("This zip is damaged or cut off: pack it anew.", reason="zip_damaged")


def _nested() -> WrongKind:
    return WrongKind("A zip inside a zip is not opened: choose it on its own.", reason="zip_nested")
