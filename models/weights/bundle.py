"""One file with the weights of several models, for machines without a network: written verified, believed in nothing.

A tar: first `bundle.json` with the size and sha256 of every file, then the files. Unpacking goes by that list and the
catalogue alone: no path in the archive is ever used to write.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from models.catalog import CATALOG, Model
from models.errors import WeightsError
from models.weights import stale_files
from models.weights.atomic_file import replacing
from models.weights.inspection import inspect_file
from models.weights.lease import IdleError, Lease, LostError, exclusive
from models.weights.manifest import Entry
from models.weights.partial_files import discard_parts, part_of, settle
from models.weights.store import Located, Store

NAME = "prewarm-models.tar"
LIST_NAME = "bundle.json"
VERSION = 1
LIST_BYTES = 1 << 20
BLOCK_BYTES = 1 << 20
OTHER_SECONDS = 60.0  # how long a process that brings nothing is waited for
MODELS = {model.key: model for variants in CATALOG.values() for model in variants.values()}
REMEDY = "Make it anew with preload.py --export where the models are, and copy it again."


@dataclass(frozen=True)
class Bundled:
    """One model in a bundle."""

    model: Model
    revision: str
    files: Mapping[str, Entry]


def write(target: Path, located: Mapping[Model, Located]) -> Path:
    """Pack verified folders into `target`, or into a file of that folder; what was there before stays until the new
    one is whole. Returns the file."""
    path = target / NAME if target.is_dir() else target
    path.parent.mkdir(parents=True, exist_ok=True)
    stale_files.sweep(path.parent)
    with replacing(path) as beside, tarfile.open(beside, "w") as archive:
        _add(archive, LIST_NAME, io.BytesIO(_listed(located)), len(_listed(located)))
        for model, found in located.items():
            for name in model.files:
                source = found.folder / name
                with source.open("rb") as file:
                    _add(archive, f"{model.key}/{name}", file, source.stat().st_size)
    return path


def read(source: Path, store: Store) -> list[Bundled]:
    """Unpack a bundle, or the one in that folder, into the store's cache. All of it is verified before the first file
    counts. Raises WeightsError when anything in it is not as it should be."""
    path = source / NAME if source.is_dir() else source
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            bundled = _contents(archive)
            _unpack(archive, bundled, store)
            return bundled
    except FileNotFoundError:
        raise WeightsError(f"There is no bundle at {path}.", reason="missing_file", file=path.name) from None
    except (tarfile.TarError, EOFError) as error:
        _refuse(path, f"it is damaged or no tar ({error})")
    except (_WrongError, IdleError, LostError) as error:
        _refuse(path, str(error))
    except OSError as error:
        text = f"The bundle {path} cannot be unpacked ({error})."
        raise WeightsError(text, reason="cannot_write", file=path.name, model="") from error


class _WrongError(ValueError):
    """What is wrong with a bundle."""


def _refuse(path: Path, what: str) -> NoReturn:
    text = f"The bundle {path} is refused: {what}. Nothing of it was taken. {REMEDY}"
    raise WeightsError(text, reason="damaged_file", file=path.name, folder=str(path.parent))


def _listed(located: Mapping[Model, Located]) -> bytes:
    models = {
        model.key: {
            "id": model.id,
            "revision": found.revision,
            "files": {
                name: {"size": (found.folder / name).stat().st_size, "sha256": found.files[name]}
                for name in model.files
            },
        }
        for model, found in located.items()
    }
    return json.dumps({"version": VERSION, "models": models}, indent=1).encode()


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    archive.addfile(entry, file)


def _contents(archive: tarfile.TarFile) -> list[Bundled]:
    """What the list at the start says, compared with the catalogue."""
    first = archive.next()
    if first is None or first.name != LIST_NAME or not first.isreg() or first.size > LIST_BYTES:
        raise _WrongError(f"it does not begin with {LIST_NAME}")
    try:
        listed = json.loads(_file(archive, first).read())
        if listed["version"] != VERSION:
            raise _WrongError(f"its format is {listed['version']}, not {VERSION}")
        return [_bundled(key, facts) for key, facts in listed["models"].items()]
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _WrongError(f"{LIST_NAME} cannot be read ({error})") from error


def _bundled(key: str, facts: Mapping[str, Mapping[str, Mapping[str, str | int]]]) -> Bundled:
    model = MODELS[key]
    if facts["id"] != model.id or set(facts["files"]) != set(model.files):
        raise _WrongError(f"its {key} is another model than {model.id}")
    if facts["revision"] != model.revision and model.revision != "master":
        raise _WrongError(f"its {key} is not of revision {model.revision}")
    files = {name: Entry(int(entry["size"]), str(entry["sha256"])) for name, entry in facts["files"].items()}
    return Bundled(model, str(facts["revision"]), files)


def _unpack(archive: tarfile.TarFile, bundled: Sequence[Bundled], store: Store) -> None:
    """Every file beside its place, then all into their places."""
    arrived: list[_Arrival] = []
    with ExitStack() as held:
        try:
            for one in bundled:
                folder = store.landing(one.model)
                lease = held.enter_context(exclusive(folder, patience=OTHER_SECONDS, progress=lambda done, total: None))
                for name in one.model.files:
                    arrived.append(_Arrival(folder / name, part_of(folder / name, lease), lease))
                    _receive(archive, f"{one.model.key}/{name}", one.files[name], arrived[-1])
            if archive.next() is not None:
                raise _WrongError("it holds more than it lists")
            for arrival in arrived:
                arrival.lease.require()
                settle(arrival.part, arrival.target)
        finally:
            for arrival in arrived:
                discard_parts(arrival.target)
        for one in bundled:
            store.adopt(one.model, store.landing(one.model), one.revision, one.files)


@dataclass(frozen=True)
class _Arrival:
    """One file beside its place."""

    target: Path
    part: Path
    lease: Lease


def _receive(archive: tarfile.TarFile, name: str, entry: Entry, arrival: _Arrival) -> None:
    """The next member, which must be this one."""
    member = archive.next()
    if member is None or member.name != name or not member.isreg() or member.sparse or member.size != entry.size:
        raise _WrongError(f"{name} is not where it should be")
    file, digest = _file(archive, member), hashlib.sha256()
    with arrival.part.open("wb") as part:
        while block := file.read(BLOCK_BYTES):
            arrival.lease.require()
            digest.update(block)
            part.write(block)
    if digest.hexdigest() != entry.sha256:
        raise _WrongError(f"the sha256 of {name} differs")
    inspect_file(arrival.part, Path(name).name)


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise _WrongError(f"{member.name} is no file")
    return file
