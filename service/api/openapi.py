"""What `/docs` and `/openapi.json` say besides the fields: answers, errors, examples."""

from typing import Any

from fastapi import FastAPI

from models.tasks.base import MEDIA_TYPES, AnyTask
from models.tasks.options import options_of

_ERROR = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}
    },
    "example": {"error": {"code": "bad_image", "message": "This file is not an image: choose a JPEG, PNG or WebP."}},
}
_MEANINGS = {
    400: "unreadable picture or recording",
    404: "there is no such job, file or model",
    409: "the job is not over yet",
    410: "the job was given up",
    413: "too large: bytes, pixels or minutes",
    415: "some other kind of file, or not a multipart form",
    422: "a field outside its limits, missing, repeated or unknown",
    429: "the queue, or your share of it, is full; try again after Retry-After seconds",
    503: "the model is not ready, or the server is stopping; try again after Retry-After seconds",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals that a route may answer with."""
    content = {"application/json": {"schema": _ERROR}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


ERRORS = errors(400, 413, 415, 422, 429, 503)  # of a route that takes files
_KINDS = {"image": "image/*", "audio": "audio/*, video/*"}
_HEARD = {
    "emotion": "happy",
    "confidence": 0.8731,
    "scores": {"angry": 0.01, "happy": 0.8731, "neutral": 0.09},
    "granularity": "utterance",
    "timestamp": "2026-01-01T12:00:00+00:00",
    "frames": None,
    "segments": [{"start": 0.0, "end": 2.4, "emotion": "happy", "confidence": 0.87, "voiced": True}],
    "duration": 2.6,
    "skipped_seconds": 0.0,
    "missing_seconds": 0.0,
    "warning": None,
    "labels": [{"zh": "开心", "en": "happy"}],
}


def result(task: AnyTask) -> dict[str, Any]:
    """What a task's route answers when all is well."""
    if task.name == "emotion":
        return example(_HEARD, "the result; `emotion` is null where no voice was heard")
    formats = next(option.choices for option in options_of(task.options) if option.name == "format")
    return {"description": "the picture", "content": {MEDIA_TYPES[f".{format}"]: {} for format in formats}}


def form(task: AnyTask) -> dict[str, Any]:
    """What the files in a task's form are; a part whose header says something else is taken all the same."""
    files = [option.name for option in options_of(task.options) if option.kind == "file"]
    encoding = {task.source: {"contentType": _KINDS[task.source]}} | {
        name: {"contentType": "image/*"} for name in files
    }
    return {"requestBody": {"content": {"multipart/form-data": {"encoding": encoding}}}}


def describe(app: FastAPI) -> None:
    """The document of `app` says that its forms have no other fields."""
    made = app.openapi

    def described() -> dict[str, Any]:
        document = made()
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            if name.startswith("Body_"):
                schema["additionalProperties"] = False
        return document

    app.openapi = described  # type: ignore[method-assign]


def example(value: dict[str, Any], description: str) -> dict[str, Any]:
    """A JSON answer shown by example."""
    return {"description": description, "content": {"application/json": {"example": value}}}
