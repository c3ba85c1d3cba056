"""Is the process alive, is every model ready: for people, probes and tests alike."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from models.catalog import Family
from models.runtime.resident import Resident, Status
from service.ops import devices
from service.ops.drain import Lifecycle

DISK_BYTES = 256 * 2**20  # less free than this, and the next large upload fails
MEMORY_BYTES = 256 * 2**20

_FOLDERS = re.compile(r"(?<![\w:/])(?:/[^\s/,;:]+)+/(?=[^\s/,;:])")


def router(residents: Mapping[Family, Resident[Any]], lifecycle: Lifecycle, uploads: Path) -> APIRouter:
    """`/livez` is 200 while no inference is stuck; `/readyz` is 200 only when the default model of every task is ready
    and new work is taken; its `reasons` say why not."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    async def livez() -> JSONResponse:
        """200 while the process does its work; 503 when an inference is stuck."""
        stuck = lifecycle.stuck
        return JSONResponse({"live": not stuck, "stuck": stuck}, status_code=503 if stuck else 200)

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """200 when every model is ready and new work is welcome; else 503 with the reasons. The state of each model."""
        body = readiness(residents, lifecycle, uploads)
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    return routes


def readiness(residents: Mapping[Family, Resident[Any]], lifecycle: Lifecycle, uploads: Path) -> dict[str, Any]:
    """`models` has the default of every task; `variants` the others that are to be warm or were asked for; `queues` how
    many jobs run and wait, by task; `devices` the memory of the GPUs in use, in bytes."""
    found = reasons(residents, lifecycle, uploads)
    others = [
        slot.status
        for resident in residents.values()
        for variant, slot in resident.slots.items()
        if variant != resident.default and (slot.status.wanted or slot.status.state != "pending")
    ]
    return {
        "ready": not found,
        "reasons": found,
        "models": {task: told(resident.status) for task, resident in residents.items()},
        "variants": {status.key: told(status) for status in others},
        "queues": {
            task: {"running": resident.queue.running, "waiting": resident.queue.waiting}
            for task, resident in residents.items()
        },
        "devices": {name: asdict(memory) for name, memory in devices.memory(residents).items()},
    }


def reasons(residents: Mapping[Family, Resident[Any]], lifecycle: Lifecycle, uploads: Path) -> list[str]:
    """Why new work is better sent elsewhere; empty when it is welcome."""
    found = ["draining"] if lifecycle.draining else []
    for task, resident in residents.items():
        state = resident.status.state
        if state != "ready":
            found.append(f"{task}_failed" if state == "failed" else f"{task}_warming")
        if resident.queue.is_full:
            found.append(f"{task}_queue_full")
    if free_disk(uploads) < DISK_BYTES:
        found.append("disk")
    if _free_memory() < MEMORY_BYTES:
        found.append("memory")
    return found


def told(status: Status) -> dict[str, Any]:
    """A status as strangers may see it: files by name, without the folders they lie in."""
    error = status.error and _FOLDERS.sub("", status.error)
    return {**asdict(status), "error": error}


def free_disk(folder: Path) -> float:
    """Bytes that can still be written."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return float("inf")


def _free_memory() -> float:
    """Bytes that can still be had (Linux; infinite elsewhere)."""
    try:
        with open("/proc/meminfo") as lines:
            found = dict(line.split(":") for line in lines)
        return int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return float("inf")
