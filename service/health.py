"""Is the process alive, is every model ready: for people, probes and tests alike."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from models.catalog import Task
from models.resident import Resident


def router(residents: Mapping[Task, Resident[Any]]) -> APIRouter:
    """`/livez` answers while the process does; `/readyz` is 200 only when the default model of every task is ready."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    async def livez() -> dict[str, bool]:
        return {"live": True}

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        body = readiness(residents)
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    return routes


def readiness(residents: Mapping[Task, Resident[Any]]) -> dict[str, Any]:
    """`models` has the default of every task; `variants` the others that were asked for since the start."""
    models = {task: resident.status for task, resident in residents.items()}
    others = [
        slot.status
        for resident in residents.values()
        for variant, slot in resident.slots.items()
        if variant != resident.default and slot.status.state != "pending"
    ]
    return {
        "ready": all(status.state == "ready" for status in models.values()),
        "models": {task: asdict(status) for task, status in models.items()},
        "variants": {status.key: asdict(status) for status in others},
    }
