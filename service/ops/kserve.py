"""KServe's V2 health, and its metadata as far as it is true here: tensors cannot be sent, files go to `/api/v1`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from models.catalog import Family
from models.runtime.resident import Resident, Slot
from service.api import openapi
from service.errors import body
from service.ops.drain import Lifecycle
from service.ops.health import reasons


def router(residents: Mapping[Family, Resident[Any]], lifecycle: Lifecycle, uploads: Path) -> APIRouter:
    """`/v2` and below; models go by the names of `/api/v1/models`, or by their task for its default."""
    routes = APIRouter(prefix="/v2", tags=["kserve"])

    @routes.get("")
    async def server() -> dict[str, Any]:
        return {"name": "prewarm", "version": "1", "extensions": []}

    @routes.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"live": not lifecycle.stuck}, 503 if lifecycle.stuck else 200)

    @routes.get("/health/ready")
    async def ready() -> JSONResponse:
        is_ready = not reasons(residents, lifecycle, uploads)
        return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)

    @routes.get("/models/{name}/ready", responses=openapi.errors(404))
    async def model_ready(name: str) -> JSONResponse:
        slot = find(residents, name)
        if slot is None:
            return _unknown()
        is_ready = slot.is_ready
        return JSONResponse({"name": slot.model.key, "ready": is_ready}, 200 if is_ready else 503)

    @routes.get("/models/{name}", responses=openapi.errors(404))
    async def metadata(name: str) -> JSONResponse:
        slot = find(residents, name)
        return _unknown() if slot is None else JSONResponse(_metadata(slot))

    return routes


def find(residents: Mapping[Family, Resident[Any]], name: str) -> Slot[Any] | None:
    """The slot called `cartoon-anime`, or the default one of `cartoon`."""
    for task, resident in residents.items():
        if name == task:
            return resident.slot()
        for slot in resident.slots.values():
            if name == slot.model.key:
                return slot
    return None


def _metadata(slot: Slot[Any]) -> dict[str, Any]:
    return {
        "name": slot.model.key,
        "versions": [slot.status.revision or slot.model.revision],
        "platform": slot.status.engine or "unknown",
    }


def _unknown() -> JSONResponse:
    return JSONResponse(body("not_found", "There is no model of that name."), 404)
