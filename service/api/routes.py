"""The REST routes under `/api/v1`: fields in, image bytes or JSON out. Stateless: any instance can answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from models.catalog import DEFAULT_VARIANT, FAMILIES
from service.api import fields, options
from service.api.dispatch import Dispatcher
from service.api.openapi import ERRORS, HEARD, PICTURE, example
from service.api.options import Asked


def router(dispatcher: Dispatcher) -> APIRouter:
    """`POST /cartoon`, `/matting`, `/emotion`, and `GET /models`."""
    routes = APIRouter(prefix="/api/v1", tags=["rest"])
    checked = [Depends(fields.only_known)]

    @routes.post("/cartoon", response_class=Response, responses={**PICTURE, **ERRORS}, dependencies=checked)
    async def cartoon(
        request: Request, image: fields.Picture, asked: Annotated[Asked, Depends(options.cartoon)]
    ) -> Response:
        """A portrait as a cartoon. `X-Faces` tells how many faces were found."""
        return await dispatcher.answer(request, asked, lambda: fields.image_bytes(image))

    @routes.post("/matting", response_class=Response, responses={**PICTURE, **ERRORS}, dependencies=checked)
    async def matting(
        request: Request, image: fields.Picture, asked: Annotated[Asked, Depends(options.matting)]
    ) -> Response:
        """The person cut out of a photo, before nothing, a colour, a gradient or a picture."""
        return await dispatcher.answer(request, asked, lambda: fields.image_bytes(image))

    @routes.post("/emotion", responses={200: example(HEARD, "the result"), **ERRORS}, dependencies=checked)
    async def emotion(
        request: Request, audio: fields.Recording, asked: Annotated[Asked, Depends(options.emotion)]
    ) -> Response:
        """The emotion in a voice; `emotion` is null where no voice was heard."""
        return await dispatcher.answer(request, asked, lambda: fields.audio_bytes(audio))

    @routes.get("/models")
    async def models() -> dict[str, list[dict[str, Any]]]:
        """Every model there is: state, where its weights came from, revision, licence."""
        return {"models": catalogue(dispatcher)}

    # Without it the page, mounted at the root, would answer in its own way.
    @routes.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def nothing_else(rest: str) -> None:
        known = rest in (*FAMILIES, "models")
        raise HTTPException(405 if known else 404, headers={"Allow": "POST" if rest in FAMILIES else "GET"})

    return routes


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
            "precision": slot.status.precision,
        }
        for task, resident in dispatcher.residents.items()
        for variant, slot in resident.slots.items()
    ]
