"""The module-level singletons: cartoon, matting, emotion. Fetch → load → warm up, once, in the process that serves.

    python preload.py [--models auto|hub|sample] [--verify] [--export DIR|FILE] [--import DIR|FILE]

does the same as a program: progress, a table, exit code 0 or 1. `--export`, `--import`: to a machine without a network.
"""

import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import usual_inputs
from models.catalog import FAMILIES, Family, Model
from models.engines import Compute, Precision, mapped_files, pipeline_class, precision_of
from models.errors import WeightsError
from models.runtime import cpu_count, ksm, start_history
from models.runtime.fair_queue import FairQueue, ModelQueue
from models.runtime.process_memory import resident_memory_mb
from models.runtime.resident import Resident, Slot, Status
from models.runtime.usual_pass import UsualPasses
from models.runtime.workspace import Workspace
from models.weights import cache_folder, lease
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
RESIDENTS: dict[Family, Resident[Any]] = {"cartoon": cartoon, "matting": matting, "emotion": emotion}
USUAL_PASSES = UsualPasses(RESIDENTS, usual_inputs.run)  # made where the process serves people

# Fetched side by side, loaded one at a time: compiling uses every core, and each one's share of memory can be told.
_loading = threading.Lock()

# Where one pass has so many cores to itself, more would be better spent on a second request.
THREADS_PER_STREAM = 8
EXIT_CODE = 3  # a folder that the program needs cannot be used

log = logging.getLogger(__name__)


def configure(settings: Settings) -> None:
    """Tell every resident how its models are made. Loads nothing."""
    store, QUEUE.running_limit = store_of(settings), streams_of(settings)
    for resident in RESIDENTS.values():
        resident.configure(partial(_build, settings=settings, store=store))
        resident.queue.bound(running=streams_of(settings))


def store_of(settings: Settings) -> Store:
    """Where weights are looked for."""
    return Store(
        state=settings.cache / "store",
        caches=settings.modelscope_caches,
        endpoint=settings.endpoint,
        mode=settings.models,
        folders=settings.folders,
    )


def preload(settings: Settings) -> bool:
    """Fetch, load and warm up the default model of every task, each on its own; True when all are ready."""
    configure(settings)
    if settings.merge_memory:
        ksm.offer()
    with ThreadPoolExecutor(len(FAMILIES), thread_name_prefix="preload") as pool:
        return all(list(pool.map(_ready, RESIDENTS.values())))


def _ready(resident: Resident[Any]) -> bool:
    try:
        resident.load()
    except Exception:  # the edge of a thread; told by the slot: its state, its error, the log
        return False
    return True


def _build(slot: Slot[Any], *, settings: Settings, store: Store) -> Any:
    """One pipeline from weights on the disk or the hub to its first answers."""
    from models.runtime import self_test

    model, precision = slot.model, chosen_precision(settings, slot.model.family)
    slot.report(engine=settings.engine, precision=precision)
    with slot.stage("fetching"):
        located = store.locate(model, progress=lambda done, total: slot.report(bytes_done=done, bytes_total=total))
        slot.report(source=located.source, revision=located.revision)
    compute = compute_of(settings, model, located)
    lease.tidy(compute.artifacts)
    with _loading:
        before = resident_memory_mb()
        with slot.stage("loading"):
            pipeline = pipeline_class(settings.engine, model.family)(located.folder, compute=compute)
        with slot.stage("warming"):
            known = compute.artifacts / f"known-answer-{self_test.PROBES}-{settings.engine}-{precision}.json"
            self_test.check(pipeline.warm_up(), known, model=model.key)
            mapped_files.let_go(compute.artifacts)
        slot.report(memory_mb=round(resident_memory_mb() - before, 1))
    start_history.watch(slot, compute.artifacts / f"starts-{settings.engine}-{precision}.jsonl")
    USUAL_PASSES.add(slot, pipeline)
    return pipeline


def compute_of(settings: Settings, model: Model, located: Located) -> Compute:
    """How a model is run; its artifacts are kept apart from those of any other weights."""
    artifacts = settings.cache / "artifacts" / f"{model.key}-{located.digest[:12]}"
    queue, streams = RESIDENTS[model.family].queue, streams_of(settings)
    precision, threads = chosen_precision(settings, model.family), threads_of(settings)
    return Compute(precision, threads, artifacts, queue.aside, queue.stoppable, streams)


def threads_of(settings: Settings) -> int:
    return settings.threads or cpu_count.usable()


def streams_of(settings: Settings) -> int:
    """How many requests a model works on at once; the stock pipelines take one."""
    return 1 if settings.engine == "reference" else max(1, threads_of(settings) // THREADS_PER_STREAM)


def chosen_precision(settings: Settings, task: Family) -> Precision:
    """What `--precision` means for a model on this machine; the stock pipelines know f32 only."""
    return "f32" if settings.engine == "reference" else precision_of(task, settings.precision)


def summary(statuses: list[Status]) -> str:
    """A table of what was loaded: model, state, source, engine, precision, seconds, memory."""
    rows: list[tuple[str, ...]] = []
    rows.append(("model", "state", "source", "engine", "precision", "fetch s", "load s", "warm s", "MB"))
    for status in statuses:
        seconds = [f"{status.seconds.get(stage, 0):.2f}" for stage in ("fetching", "loading", "warming")]
        facts = (status.key, status.state, status.source, status.engine, status.precision, *seconds, status.memory_mb)
        rows.append(tuple("-" if fact is None else str(fact) for fact in facts))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def main(argv: list[str] | None = None) -> int:
    settings = parse(argv, preloading=True)
    try:
        cache_folder.check(settings.cache)
    except cache_folder.UnusableError as error:
        print(f"prewarm: {error}", file=sys.stderr)
        return EXIT_CODE
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if settings.import_from and not _import(settings, settings.import_from):
        return 1
    ready = _with_progress(settings)
    statuses = [resident.status for resident in RESIDENTS.values()]
    print(summary(statuses))
    for status in filter(lambda status: status.error, statuses):
        print(f"{status.key}: {status.error}", file=sys.stderr)
    if ready and settings.export_to:
        ready = _export(settings, settings.export_to)
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

    store = store_of(settings)
    models = [slot.model for resident in RESIDENTS.values() for slot in resident.slots.values()]
    try:
        located = {model: found for model in models if (found := store.here(model))}
        if not located:
            print("There is nothing to export: only sample weights are here.", file=sys.stderr)
            return False
        path = bundle.write(target, located)
    except (WeightsError, OSError) as error:
        print(f"The weights cannot be exported: {error}", file=sys.stderr)
        return False
    print(f"{', '.join(model.key for model in located)}: packed into {path}, {path.stat().st_size / 1e6:.0f} MB")
    return True


def verify(settings: Settings) -> bool:
    """Compare the engine with the stock pipelines on the weights at hand; True when all is within tolerance."""
    from models import parity

    rows = []
    for resident in RESIDENTS.values():
        model = resident.slot().model
        located = store_of(settings).locate(model, progress=lambda done, total: None)
        rows += parity.compare(resident.family, located.folder, compute=compute_of(settings, model, located))
    for row in rows:
        print(row)
    return all(row.within for row in rows)


def _with_progress(settings: Settings) -> bool:
    """Preload while printing each change of state, and every whole tenth of a download."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(done,), daemon=True)
    watcher.start()
    try:
        return preload(settings)
    finally:
        done.set()
        watcher.join()


def _watch(done: threading.Event) -> None:
    shown: dict[str, str] = {}
    while not done.wait(0.1):
        for resident in RESIDENTS.values():
            line = _progress_line(resident.status)
            if shown.get(resident.family) != line:
                shown[resident.family] = line
                print(line, flush=True)


def _progress_line(status: Status) -> str:
    if status.state == "fetching" and status.bytes_total:
        tenths = 10 * status.bytes_done // status.bytes_total
        return f"{status.key}: fetching {tenths * 10} % of {status.bytes_total / 1e6:.0f} MB"
    return f"{status.key}: {status.state}"


if __name__ == "__main__":
    # The singletons belong to the module `preload`; run as `__main__` there would be a second set.
    import preload as module

    sys.exit(module.main())
