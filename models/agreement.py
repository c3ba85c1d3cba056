"""Whether a model on a GPU gives the answers that it gives on the CPU: asked once, remembered with the artifacts.

A driver, a card or an operation that calculates something else must not draw other pictures unnoticed.
"""

import json
import logging
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.catalog import Family
from models.engines import Compute, Precision, best_precision, device_memory, pipeline_class
from models.errors import DeviceFull, DeviceLost
from models.runtime.resident import Slot
from models.weights import atomic_file

# In grey levels: the largest difference of one value, and the mean; in probabilities; in pixels of boxes and landmarks.
LEVELS: Mapping[Precision, float] = {"f32": 1, "f16": 3, "bf16": 8}
LEVELS_MEAN: Mapping[Precision, float] = {"f32": 0.05, "f16": 0.1, "bf16": 0.5}
SCORES: Mapping[Precision, float] = {"f32": 1e-5, "f16": 0.002, "bf16": 0.005}
PIXELS = 1.0
CAUSES = {"device_full": "its memory does not suffice", "device_lost": "it works no more"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """A pipeline, how it is run after all, and why, where that is not what was asked for."""

    pipeline: Any
    compute: Compute
    note: str | None = None


def opened(task: Family, folder: Path, *, compute: Compute) -> Opened:
    """The pipeline on the device of `compute`; on the CPU where it cannot be there or answers something else."""
    pipeline, wrong = _on_device(task, folder, compute)
    if wrong is None:
        return Opened(pipeline, compute)
    pipeline = None
    device_memory.give_back(compute.device)
    note = f"{task} runs on the CPU instead of {compute.device}: {wrong}."
    log.warning("%s", note)
    on_cpu = replace(compute, engine="openvino", device="cpu", precision=best_precision())
    return Opened(pipeline_class("openvino", task)(folder, compute=on_cpu), on_cpu, note)


def _on_device(task: Family, folder: Path, compute: Compute) -> tuple[Any, str | None]:
    """The pipeline, and what is wrong with it there."""
    try:
        pipeline = pipeline_class(compute.engine, task)(folder, compute=compute)
        return pipeline, _remembered(task, folder, pipeline, compute)
    except (RuntimeError, DeviceFull, DeviceLost) as error:  # no memory, no kernel for this card, no card any more
        if compute.device == "cpu":
            raise
        cause = CAUSES.get(getattr(error, "reason", "")) or str(error).strip().splitlines()[0]
    return None, f"{cause}; see what nvidia-smi says, then start Prewarm anew"


def open_for(slot: Slot[Any], folder: Path, *, compute: Compute) -> tuple[Any, Compute]:
    """A slot's pipeline, and how it is run after all; of the torch engine as `opened`, told in the slot's status."""
    if slot.status.note:
        log.warning("%s runs on the CPU, though there is a GPU: %s", slot.model.key, slot.status.note)
    if compute.engine != "torch":
        return pipeline_class(compute.engine, slot.model.family)(folder, compute=compute), compute
    found = opened(slot.model.family, folder, compute=compute)
    told = found.compute
    slot.report(engine=told.engine, device=told.device, precision=told.precision, note=found.note or slot.status.note)
    return found.pipeline, told


def difference(ours: Mapping[str, np.ndarray], exact: Mapping[str, np.ndarray], precision: Precision) -> str | None:
    """The first array, by name, that is off beyond tolerance, in words; None when all agree."""
    for name, array in exact.items():
        if ours[name].shape != array.shape:
            return f"its '{name}' has another shape"
        apart = np.abs(ours[name].astype(np.float64) - array)
        largest, mean = float(apart.max(initial=0)), float(apart.mean()) if apart.size else 0.0
        if name in ("points", "boxes"):
            off = largest > PIXELS
        elif name == "scores":
            off = largest > SCORES[precision] or ours[name].argmax() != array.argmax()
        else:
            off = largest > LEVELS[precision] or mean > LEVELS_MEAN[precision]
        if off or not np.isfinite(largest):
            return f"its '{name}' is off by {largest:.4g} (mean {mean:.4g})"
    return None


def _remembered(task: Family, folder: Path, pipeline: Any, compute: Compute) -> str | None:
    answers = pipeline.warm_up()  # even where it is remembered: what the device has no memory for is seen here
    path = compute.artifacts / f"agreement-{compute.precision}-{_facts(compute):08x}.json"
    with suppress(OSError, ValueError, KeyError):
        known: str | None = json.loads(path.read_text())["off"]
        return known
    exact = replace(compute, engine="openvino", device="cpu", precision="f32")
    expected = pipeline_class("openvino", task)(folder, compute=exact).warm_up()
    found = difference(answers, expected, compute.precision)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(path, json.dumps({"off": found}))
    return found


def _facts(compute: Compute) -> int:
    """A checksum of all that the answers of these weights depend on."""
    import openvino as ov
    import torch

    from models.engines.torch import graphs

    device = torch.device(compute.device)
    card = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return zlib.crc32(repr((torch.__version__, ov.__version__, graphs.VERSION, card)).encode())
