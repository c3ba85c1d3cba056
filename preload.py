"""The module-level singletons: cartoon, matting, emotion. Fetch → load → warm up, once, in the process that serves.

    python preload.py [--models MODE] [--preload LIST] [--verify] [--export|--import DIR|FILE] [--export-onnx DIR]

does the same as a program: progress, a table, exit code 0 or 1. `--export`, `--import`: to a machine without a network.
"""

import logging
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves it out

from models import usual_inputs
from models.catalog import FAMILIES, Family, Model
from models.engines import Compute, Precision, device_memory, mapped_files, precision_of
from models.engines.shared_sessions import SharedSessions
from models.errors import PrewarmError, UnusableError, WeightsError
from models.runtime import allocator, at_once, cpu_count, ksm, prerequisites, retries, start_history, temporary_folder
from models.runtime.fair_queue import FairQueue, ModelQueue
from models.runtime.process_memory import resident_memory_mb
from models.runtime.resident import Resident, Slot
from models.runtime.status_table import status_table
from models.runtime.usual_pass import UsualPasses
from models.runtime.workspace import Workspace
from models.weights import artifact_cache, lease
from models.weights.store import Located, Store
from settings import Settings, parse

if TYPE_CHECKING:
    from models.cartoon import Cartoon
    from models.emotion import Emotion
    from models.matting import Matting

QUEUE, WORKSPACE = FairQueue(), Workspace()
cartoon: "Resident[Cartoon]" = Resident("cartoon", queue=ModelQueue(shared=QUEUE), workspace=WORKSPACE)
matting: "Resident[Matting]" = Resident("matting", queue=ModelQueue(shared=QUEUE), workspace=WORKSPACE)
emotion: "Resident[Emotion]" = Resident("emotion", queue=ModelQueue(shared=QUEUE), workspace=WORKSPACE)
WORKSPACE.cartoon = cartoon
SESSIONS, STOPPING = SharedSessions(), threading.Event()
RESIDENTS: dict[Family, Resident[Any]] = {"cartoon": cartoon, "matting": matting, "emotion": emotion}
USUAL_PASSES = UsualPasses(RESIDENTS, usual_inputs.run)  # made where the process serves people

# Fetched side by side, loaded one at a time: compiling uses every core, and each one's share of memory can be told.
_loading = threading.Lock()
ASIDE_SECONDS = 0.1  # how often those that are loaded in the background look whether somebody works
EXIT_CODE = 3  # something that the program needs is missing or cannot be used


def check(settings: Settings) -> temporary_folder.TemporaryFolder:
    """The temporary folder of this process. Ends it with one sentence and EXIT_CODE where what it needs is missing."""
    stock = settings.verify or settings.engine == "reference"
    try:
        prerequisites.check(settings.cache, stock=stock, onnx=settings.export_onnx)
        temporary = temporary_folder.make(settings.temporary)
    except UnusableError as error:
        print(f"prewarm: {error}", file=sys.stderr)
        sys.exit(EXIT_CODE)
    temporary.end_at_signals()
    return temporary


def configure(settings: Settings) -> None:
    """Tell every resident how its models are made. Loads nothing."""
    store, running = store_of(settings), at_once.clicks(settings.engine, settings.device, threads_of(settings))
    QUEUE.bound(running=running)
    build, artifacts = partial(_build, settings=settings, store=store), settings.cache / "artifacts"
    for resident in RESIDENTS.values():
        resident.configure(partial(artifact_cache.build_sound, build=build, artifacts=artifacts), lost=_lost)
        resident.queue.bound(running=running)
    for slot in _slots():
        slot.report(wanted=settings.preload is None or slot.model.key in settings.preload)


def store_of(settings: Settings) -> Store:
    """Where weights are looked for."""
    return Store(
        state=settings.cache / "store",
        caches=settings.modelscope_caches,
        endpoint=settings.endpoint,
        mode=settings.models,
        folders=settings.folders,
        proxies=settings.proxies,
    )


def _lost(slot: Slot[Any]) -> None:
    """Its device works no more: all models that were there are loaded again, the default ones first."""
    there = [each for each in _slots() if each.is_ready and each.status.device == slot.status.device]
    gone = [slot, *(each for each in there if slot.error and each.drop(slot.error))]
    wanted = sorted((each for each in gone if each.status.wanted), key=lambda each: not each.model.is_default)
    threading.Thread(target=_all_ready, args=(wanted,), daemon=True, name="lost-device").start()


def _all_ready(slots: Iterable[Slot[Any]]) -> None:
    for slot in slots:
        _ready(slot, heal=True)


def preload(settings: Settings, *, heal: bool = False) -> bool:
    """Fetch, load and warm up the default model of every task, each on its own; True when all are ready. With
    `heal` a thread tries again, until STOPPING, what failed."""
    configure(settings)
    if settings.merge_memory:
        ksm.offer()
    with ThreadPoolExecutor(len(FAMILIES), thread_name_prefix="preload") as pool:
        return all(list(pool.map(partial(_ready, heal=heal), map(Resident.slot, RESIDENTS.values()))))


def preload_others(settings: Settings, *, heal: bool = False) -> bool:
    """The other models that are to be warm, one at a time; each waits until nobody works."""
    others = [slot for slot in _slots() if slot.status.wanted and not slot.model.is_default]
    for slot in others:
        while QUEUE.busy and not STOPPING.wait(ASIDE_SECONDS):
            pass
        if not STOPPING.is_set():
            _ready(slot, heal=heal)
    return all(slot.is_ready for slot in others if slot.status.wanted)


def _slots() -> list[Slot[Any]]:
    return [slot for resident in RESIDENTS.values() for slot in resident.slots.values()]


def _ready(slot: Slot[Any], *, heal: bool) -> bool:
    def attempt() -> bool:
        with suppress(Exception):  # the edge of a thread; told by the slot: its state, its error, the log
            RESIDENTS[slot.model.family].load(slot.model.variant, again=True)
        return slot.is_ready or not slot.status.wanted

    if not (done := attempt()) and heal:
        trying = partial(retries.until_done, attempt, wait=STOPPING.wait)
        threading.Thread(target=trying, daemon=True, name=f"heal-{slot.model.key}").start()
    return done


def _build(slot: Slot[Any], *, settings: Settings, store: Store) -> Any:
    """One pipeline from weights on the disk or the hub to its first answers."""
    from models import agreement
    from models.runtime import self_test

    model, precision = slot.model, chosen_precision(settings, slot.model.family)
    slot.report(engine=settings.engine, device=settings.device, precision=precision, note=settings.fell_back)
    with slot.stage("fetching"):
        located = _located(slot, settings, store)
    compute = compute_of(settings, model, located)
    lease.tidy(compute.artifacts)
    with _loading:
        before = resident_memory_mb()
        with slot.stage("loading"):
            on_device = device_memory.used_mb(compute.device)
            pipeline, compute = agreement.open_for(slot, located.folder, compute=compute)
            if compute.device != settings.device:
                RESIDENTS[model.family].queue.bound(running=compute.streams)
        with slot.stage("warming"):
            known = compute.artifacts / f"known-answer-{self_test.PROBES}-{compute.engine}-{compute.precision}.json"
            unused = compute.engine == "openvino" and not model.is_default
            answers = pipeline.warm_up_unused() if unused else pipeline.warm_up()
            self_test.check(answers, known, model=model.key)
            mapped_files.let_go(compute.artifacts)
        if unused:
            allocator.give_back_all()
        grown = device_memory.grown_mb(compute.device, on_device)
        slot.report(memory_mb=round(resident_memory_mb() - before, 1), device_memory_mb=grown)
    start_history.watch(slot, compute.artifacts / f"starts-{compute.engine}-{compute.precision}.jsonl")
    USUAL_PASSES.add(slot, pipeline)
    return pipeline


def _located(slot: Slot[Any], settings: Settings, store: Store) -> Located:
    tell = lambda done, total: slot.report(bytes_done=done, bytes_total=total)  # noqa: E731
    try:
        located = store.locate(slot.model, progress=tell, again=slot.failures > 0)
    except WeightsError as error:
        if settings.preload is None and error.reason == "needs_hub":
            slot.report(wanted=False)  # all that can be had were asked for
        raise
    slot.report(source=located.source, revision=located.revision)
    return located


def compute_of(settings: Settings, model: Model, located: Located) -> Compute:
    """How a model is run; its artifacts are kept apart from those of any other weights."""
    artifacts = settings.cache / "artifacts" / f"{model.key}-{located.digest[:12]}"
    queue, streams = RESIDENTS[model.family].queue, streams_of(settings)
    how = (chosen_precision(settings, model.family), threads_of(settings), artifacts, queue.aside, queue.stoppable)
    return Compute(*how, streams, located.files, SESSIONS, settings.engine, settings.device, settings.device_memory)


def threads_of(settings: Settings) -> int:
    return settings.threads or cpu_count.usable()


def streams_of(settings: Settings) -> int:
    """How many passes a network makes at once on the CPU."""
    return at_once.streams(settings.engine, settings.device, threads_of(settings))


def chosen_precision(settings: Settings, task: Family) -> Precision:
    """What `--precision` means for a model on this machine; the stock pipelines know f32 only."""
    return precision_of(task, settings.precision, engine=settings.engine, device=settings.device)


def main(argv: list[str] | None = None) -> int:
    settings = parse(argv, preloading=True)
    check(settings).end_at_interrupts()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if settings.import_from and not _import(settings, settings.import_from):
        return 1
    ready = preload(settings) and preload_others(settings)
    print(status_table(statuses := [slot.status for slot in _slots() if slot.status.wanted]))
    for status in filter(lambda status: status.error, statuses):
        print(f"{status.key}: {status.error}", file=sys.stderr)
    if ready and settings.export_to:
        ready = _export(settings, settings.export_to)
    if ready and settings.export_onnx:
        ready = _export_onnx(settings, settings.export_onnx)
    if ready and settings.verify:
        ready = verify(settings)
    return 0 if ready else 1


def _import(settings: Settings, source: Path) -> bool:
    from models.weights import bundle

    try:
        found = bundle.read(source, store_of(settings))
    except WeightsError as error:
        print(error, file=sys.stderr)
        return False
    print(f"{', '.join(one.model.key for one in found)}: unpacked from {source}, sha256 of every file right")
    return True


def _export(settings: Settings, target: Path) -> bool:
    """Pack every model that is there and real, whatever its variant; the samples are everywhere already."""
    from models.weights import bundle

    try:
        located = {slot.model: found for slot in _slots() if (found := store_of(settings).here(slot.model))}
        if not located:
            raise WeightsError("there is nothing to export: only sample weights are here.", reason="nothing_to_export")
        path = bundle.write(target, located)
    except (WeightsError, OSError) as error:
        print(f"The weights cannot be exported: {error}", file=sys.stderr)
        return False
    print(f"{', '.join(model.key for model in located)}: packed into {path}, {path.stat().st_size / 1e6:.0f} MB")
    return True


def _export_onnx(settings: Settings, target: Path) -> bool:
    """Write every model that is warm as ONNX files, samples too; True when all of them answer as ours do."""
    from models.exports import files

    store, right = store_of(settings), True
    try:
        for slot in filter(lambda slot: slot.is_ready, _slots()):
            located = store.locate(slot.model, progress=lambda done, total: None)
            for written in files.write(target, slot.model, located, threads=threads_of(settings)):
                print(written)
                right = right and written.within
    except (WeightsError, OSError) as error:
        print(f"The models cannot be exported as ONNX: {error}", file=sys.stderr)
        return False
    return right


def verify(settings: Settings) -> bool:
    """Compare what the default models run on, on the weights at hand, with the stock pipelines; True when all agree."""
    from models import parity

    rows = []
    for resident in RESIDENTS.values():
        model, told = resident.slot().model, resident.status
        located = store_of(settings).locate(model, progress=lambda done, total: None)
        how: dict[str, Any] = {"engine": told.engine, "device": told.device, "precision": told.precision}
        print(f"{model.key}, {' · '.join(how.values())}, against the stock pipeline:")
        compute = replace(compute_of(settings, model, located), **how)
        try:
            rows += (found := parity.compare(resident.family, located.folder, compute=compute))
        except PrewarmError as error:  # no room on the device for a second one, or no device any more
            print(f"{model.key} cannot be compared: {error}", file=sys.stderr)
            return False
        print(*found, sep="\n")
    return all(row.within for row in rows)


if __name__ == "__main__":
    # The singletons belong to the module `preload`; run as `__main__` there would be a second set.
    import preload as module

    sys.exit(module.main())
