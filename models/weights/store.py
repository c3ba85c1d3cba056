"""Where the files of a model are: the folder given by the user, ModelScope's cache, the hub, the sample weights."""

import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from models.catalog import DEFAULT_VARIANT, Family, Model
from models.errors import WeightsError
from models.weights import lease
from models.weights.hub import Hub, Patience
from models.weights.manifest import (
    Entry,
    Files,
    Record,
    digest_of,
    missing,
    observe,
    read_manifest,
    read_record,
    require,
    verify,
    write_record,
)
from models.weights.proxies import NO_PROXIES, Proxies

log = logging.getLogger(__name__)

Mode = Literal["auto", "hub", "sample"]
Source = Literal["folder", "cache", "hub", "sample"]
Progress = Callable[[int, int], None]

DEFAULT_ENDPOINT = "https://www.modelscope.cn"
SAMPLES = Path(__file__).parents[1] / "samples"
ALIASES = {"damo": "iic", "iic": "damo"}
SILENCE_SECONDS = 60.0  # a hub that did not answer is not asked again for the next model so soon


@dataclass(frozen=True)
class Located:
    """A complete, verified folder. `files` maps path to sha256; `digest` stands for all of them."""

    folder: Path
    source: Source
    revision: str
    files: dict[str, str]
    digest: str


@dataclass(frozen=True)
class Store:
    """Finds weights. `state` is our own folder for records; where it cannot be written, files are hashed every time.

    `folders` gives a task's default variant, or subfolders named after variants. `caches` are roots of ModelScope's
    cache. Mode `sample` touches neither cache nor hub; `hub` never takes samples; `auto` takes them in the end.
    """

    state: Path
    caches: tuple[Path, ...]
    endpoint: str | None
    mode: Mode
    folders: Mapping[Family, Path]
    samples: Path = SAMPLES
    patience: Patience = field(default=Patience())
    proxies: Proxies = NO_PROXIES
    _silence: dict[str, tuple[float, WeightsError]] = field(default_factory=dict, compare=False, repr=False)

    def locate(self, model: Model, *, progress: Progress, again: bool = False) -> Located:
        """The folder to load `model` from; only a download calls `progress(done, total)`, in bytes. Raises WeightsError
        naming file, folder and remedy. `again` asks a hub, too, that did not answer just now."""
        given = self._given(model)
        if given is not None:
            return self._local(model, given, "folder", "given")
        if self.mode == "sample":
            return self._sample(model)
        located, damage = self._cached(model)
        if located is not None:
            return located
        try:
            return self._fetched(model, progress, again)
        except WeightsError as error:
            if damage is not None:
                raise damage from error
            return self._sample_instead(model, error)

    def here(self, model: Model) -> Located | None:
        """The folder on this machine, None where there is none; samples do not count. Raises WeightsError."""
        if (given := self._given(model)) is not None:
            return self._local(model, given, "folder", "given")
        located, damage = self._cached(model)
        if located is None and damage is not None:
            raise damage
        return located

    def _given(self, model: Model) -> Path | None:
        root = self.folders.get(model.family)
        if root is None:
            return None
        if os.path.isdir(root / model.variant):
            return root / model.variant
        return root if model.variant == DEFAULT_VARIANT[model.family] else None

    def _cached(self, model: Model) -> tuple[Located | None, WeightsError | None]:
        """The first good folder in the caches, else what is wrong with one that was or seemed complete."""
        damage = None
        for folder, revision in self._candidates(model):
            try:
                if missing(folder, model.files) and not self._record_path(model, folder).exists():
                    continue
                located = self._local(model, folder, "cache", revision)
                lease.tidy(folder)
                return located, None
            except WeightsError as error:
                if error.reason == "hostile_file":
                    raise
                log.warning("%s", error.message)
                damage = error
        return None, damage

    def _candidates(self, model: Model) -> Iterator[tuple[Path, str]]:
        for root in self._roots():
            for layout in _layouts(model.id):
                for folder in sorted(root.glob(layout)):
                    revision = _revision(folder) or model.revision
                    if model.revision in (revision, "master"):
                        yield folder, revision

    def _roots(self) -> tuple[Path, ...]:
        """The caches, and a place of our own for downloads when none of them can be written."""
        return *self.caches, self.state / "cache"

    def _fetched(self, model: Model, progress: Progress, again: bool) -> Located:
        endpoint = self.endpoint or DEFAULT_ENDPOINT
        since, silence = self._silence.get(endpoint, (0.0, None))
        if silence is not None and not again and time.monotonic() - since < SILENCE_SECONDS:
            raise WeightsError(silence.message, reason=silence.reason, **silence.values)
        folder = self.landing(model)
        try:
            listed = Hub(endpoint, self.patience, self.proxies).fetch(model, folder, progress)
        except WeightsError as error:
            if error.reason == "hub_unreachable":
                self._silence[endpoint] = time.monotonic(), error
            raise
        return self._checked(model, folder, "hub", Record(model.revision, listed), "Fetch it again.")

    def adopt(self, model: Model, folder: Path, revision: str, files: Files) -> Located:
        """Files that were just put into `folder`, verified; their record spares the next start doing it again."""
        return self._checked(model, folder, "cache", Record(revision, files), "Import them again.")

    def landing(self, model: Model) -> Path:
        """A begun folder in the cache, else a new one where ModelScope itself looks too."""
        begun = [folder for folder, revision in self._candidates(model) if revision == model.revision]
        new = [root / "hub" / "models" / _escaped(model.id) for root in self._roots()]
        for folder in (*begun, *new):
            if _writable(folder):
                return folder
        raise WeightsError(
            f"No cache folder can be written, so {model.id} cannot be fetched. Mount one of "
            f"{', '.join(map(str, self.caches))} for writing, or give a folder that holds the files.",
            reason="cannot_write",
            model=model.id,
        )

    def _sample_instead(self, model: Model, error: WeightsError) -> Located:
        if self.mode == "hub" or error.reason == "hostile_file":
            raise error
        located = self._sample(model, error.message)
        log.warning("%s takes its sample weights. %s", model.key, error.message)
        return located

    def _sample(self, model: Model, because: str = "") -> Located:
        if model.sample is None:
            raise WeightsError(
                f"{model.variant} has no sample weights, it needs {model.id} from the hub. {because}".strip(),
                reason="needs_hub",
                model=model.id,
                variant=model.variant,
            )
        folder, remedy = self.samples / model.sample, "Restore it from the repository."
        require(folder, model.files, remedy)
        committed = read_manifest(self.samples, model.sample, model.files)
        return self._checked(model, folder, "sample", Record("sample", committed), remedy)

    def _local(self, model: Model, folder: Path, source: Source, revision: str) -> Located:
        """A folder that nobody vouches for: compared with its record, or recorded at first sight."""
        path = self._record_path(model, folder)
        require(folder, model.files, f"Copy it there from {model.id} on ModelScope, or fetch that model again.")
        record = read_record(path)
        if record is None or set(record.files) != set(model.files):
            record = Record(revision, observe(folder, model.files))
        remedy = f"Fetch {model.id} again, or delete {path} if the change is meant."
        return self._checked(model, folder, source, record, remedy)

    def _checked(self, model: Model, folder: Path, source: Source, record: Record, remedy: str) -> Located:
        path = self._record_path(model, folder)
        known = read_record(path)
        files = verify(folder, _stamped(record.files, known), remedy)
        checked = replace(record, files=files)
        if checked != known:
            write_record(path, checked)
        return Located(folder, source, record.revision, {n: e.sha256 for n, e in files.items()}, digest_of(files))

    def _record_path(self, model: Model, folder: Path) -> Path:
        place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
        return self.state / "manifests" / f"{model.key}-{place}.json"


def _layouts(model_id: str) -> Iterator[str]:
    """Folders below a cache root in which ModelScope's versions kept, or keep, a model."""
    organisation, name = model_id.split("/")
    for owner in filter(None, (organisation, ALIASES.get(organisation))):
        for spelled in dict.fromkeys((name, _escaped(name))):
            flat = f"{owner}/{spelled}"
            snapshots = f"models/{owner}--{spelled}/snapshots/*"
            yield from (f"hub/{flat}", f"hub/models/{flat}", snapshots, f"hub/{snapshots}", flat, f"models/{flat}")


def _escaped(name: str) -> str:
    return name.replace(".", "___")


def _revision(folder: Path) -> str | None:
    """The revision that ModelScope noted: in the folder's name, or in `.mv` beside the files."""
    if folder.parent.name == "snapshots":
        return folder.name
    try:
        noted = re.match(r"Revision:([^,\s]+)", (folder / ".mv").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return noted.group(1) if noted else None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _stamped(files: Files, known: Record | None) -> dict[str, Entry]:
    """The same entries, those without a stamp with that of the record if it speaks of the same content."""
    old = known.files.items() if known is not None else ()
    stamps = {(name, entry.sha256): entry.stamp for name, entry in old}
    return {n: replace(e, stamp=e.stamp or stamps.get((n, e.sha256), ())) for n, e in files.items()}
