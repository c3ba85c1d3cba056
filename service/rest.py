"""The REST routes under `/api/v1`: fields in, image bytes or JSON out. Stateless: any instance can answer."""

from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from models.cartoon import RESOLUTION_DEFAULT, STRENGTH_DEFAULT
from models.catalog import DEFAULT_VARIANT, TASKS
from models.matting import ALPHA_THRESHOLD_DEFAULT, ERODE_DEFAULT
from service import fields, work
from service.desk import Desk

_ERROR = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}
    },
    "example": {"error": {"code": "bad_image", "message": "This file is not an image: choose a JPEG, PNG or WebP."}},
}
_MEANINGS = {
    400: "unreadable picture or recording",
    413: "too large: bytes, pixels or minutes",
    415: "some other kind of file, or not a multipart form",
    422: "a field outside its limits, missing or unknown",
    429: "the line is full; try again after Retry-After seconds",
    503: "the model is not ready, or the server is stopping; try again after Retry-After seconds",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": meaning, "content": {"application/json": {"schema": _ERROR}}}
    for status, meaning in _MEANINGS.items()
}
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "the picture", "content": {f"image/{kind}": {} for kind in ("png", "jpeg", "webp")}}
}
HEARD = {
    "emotion": "happy",
    "confidence": 0.8731,
    "scores": {"angry": 0.01, "happy": 0.8731, "neutral": 0.09},
    "granularity": "utterance",
    "timestamp": "2026-01-01T12:00:00+00:00",
    "frames": None,
    "segments": [{"start": 0.0, "end": 2.4, "emotion": "happy", "confidence": 0.87, "voiced": True}],
    "duration": 2.6,
    "labels": [{"zh": "开心", "en": "happy"}],
}


def router(desk: Desk) -> APIRouter:
    """`POST /cartoon`, `/matting`, `/emotion`, and `GET /models`."""
    routes = APIRouter(prefix="/api/v1", tags=["rest"])
    checked = [Depends(fields.only_known)]

    @routes.post("/cartoon", response_class=Response, responses={**PICTURE, **ERRORS}, dependencies=checked)
    async def cartoon(
        request: Request,
        image: fields.Picture,
        style: fields.Style = "anime",
        strength: fields.Strength = STRENGTH_DEFAULT,
        resolution: fields.Resolution = RESOLUTION_DEFAULT,
        format: fields.Format = "png",
        quality: fields.Quality = fields.QUALITY_DEFAULT,
    ) -> Response:
        """A portrait as a cartoon. `X-Faces` tells how many faces were found."""
        options = work.Cartooned(style, strength, resolution, format, quality)
        return await desk.answer(
            request, "cartoon", style, lambda job: work.cartoon(job, fields.image_bytes(image), options)
        )

    @routes.post("/matting", response_class=Response, responses={**PICTURE, **ERRORS}, dependencies=checked)
    async def matting(
        request: Request,
        image: fields.Picture,
        model: fields.Kind = "portrait",
        background: fields.Background = "transparent",
        background_image: fields.Backdrop = None,
        gradient: fields.Towards = "down",
        alpha_threshold: fields.AlphaThreshold = ALPHA_THRESHOLD_DEFAULT,
        erode: fields.Erode = ERODE_DEFAULT,
        feather: fields.Feather = True,
        clean_edge: fields.CleanEdge = True,
        output: fields.Output = "cutout",
        format: fields.Format = "png",
        quality: fields.Quality = fields.QUALITY_DEFAULT,
    ) -> Response:
        """The person cut out of a photo, before nothing, a colour, a gradient or a picture."""
        chosen = fields.background(background, background_image, gradient)
        edge = (alpha_threshold, erode, feather, clean_edge)

        def cut(job: work.Job) -> work.Done:
            behind = fields.image_bytes(background_image) if background_image else b""
            options = work.Cut(model, chosen, behind, *edge, output, format, quality)
            return work.matting(job, fields.image_bytes(image), options)

        return await desk.answer(request, "matting", model, cut)

    @routes.post("/emotion", responses={200: _example(HEARD), **ERRORS}, dependencies=checked)
    async def emotion(
        request: Request,
        audio: fields.Recording,
        granularity: fields.Granularity = "utterance",
        embedding: fields.Embedding = False,
    ) -> Response:
        """The emotion in a voice; `emotion` is null where no voice was heard."""
        options = work.Heard(granularity, embedding)
        return await desk.answer(
            request, "emotion", None, lambda job: work.emotion(job, fields.audio_bytes(audio), options)
        )

    @routes.get("/models")
    async def models() -> dict[str, list[dict[str, Any]]]:
        """Every model there is: state, where its weights came from, revision, licence."""
        return {"models": catalogue(desk)}

    # Without it the page, mounted at the root, would answer in its own way.
    @routes.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def nothing_else(rest: str) -> None:
        known = rest in (*TASKS, "models")
        raise HTTPException(405 if known else 404, headers={"Allow": "POST" if rest in TASKS else "GET"})

    return routes


def catalogue(desk: Desk) -> list[dict[str, Any]]:
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
        for task, resident in desk.residents.items()
        for variant, slot in resident.slots.items()
    ]


def _example(value: dict[str, Any]) -> dict[str, Any]:
    return {"description": "the result", "content": {"application/json": {"example": value}}}
