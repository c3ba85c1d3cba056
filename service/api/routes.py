"""The REST routes under `/api/v1`: fields in, image bytes or JSON out. Stateless: any instance can answer."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from models.catalog import DEFAULT_VARIANT
from models.tasks import TASKS
from models.tasks.base import AnyTask
from service.api import fields, openapi
from service.api.dispatch import Dispatcher
from service.api.fields import Asked
from service.api.multipart import FormRoute


def router(dispatcher: Dispatcher) -> APIRouter:
    """`POST` a file to a task's name; `GET /models`."""
    routes = APIRouter(
        prefix="/api/v1", tags=["rest"], route_class=FormRoute, dependencies=[Depends(fields.nothing_in_the_address)]
    )

    for task in TASKS.values():
        routes.post(
            f"/{task.name}",
            name=task.name,
            description=task.doc,
            response_class=Response,
            responses={200: openapi.result(task), **openapi.ERRORS},
            openapi_extra=openapi.form(task),
            dependencies=[Depends(fields.only_known)],
        )(_endpoint(dispatcher, task))

    @routes.get("/models", responses=openapi.errors(422))
    async def models() -> dict[str, list[dict[str, Any]]]:
        """Every model there is: state, where its weights came from, revision, licence."""
        return {"models": catalogue(dispatcher)}

    return routes


def _endpoint(dispatcher: Dispatcher, task: AnyTask) -> Callable[..., Awaitable[Response]]:
    async def answer(request: Request, asked: Annotated[Asked, Depends(fields.form_of(task))]) -> Response:
        return await dispatcher.answer(request, asked)

    return answer


def catalogue(dispatcher: Dispatcher) -> list[dict[str, Any]]:
    """One entry per model, the default of its task marked."""
    return [
        {
            "name": slot.model.key,
            "task": task,
            "variant": variant,
            "default": variant == DEFAULT_VARIANT[task],
            "id": slot.model.id,
            "state": slot.status.state,
            "source": slot.status.source,
            "revision": slot.status.revision or slot.model.revision,
            "licence": slot.model.licence,
            "engine": slot.status.engine,
            "device": slot.status.device,
            "precision": slot.status.precision,
        }
        for task, resident in dispatcher.residents.items()
        for variant, slot in resident.slots.items()
    ]
