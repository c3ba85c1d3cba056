"""What `/docs` and `/openapi.json` say besides the fields: answers, errors, examples."""

from typing import Any

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
    413: "too large: bytes, pixels or minutes",
    415: "some other kind of file, or not a multipart form",
    422: "a field outside its limits, missing or unknown",
    429: "the queue, or your share of it, is full; try again after Retry-After seconds",
    503: "the model is not ready, or the server is stopping; try again after Retry-After seconds",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": meaning, "content": {"application/json": {"schema": _ERROR}}}
    for status, meaning in _MEANINGS.items()
}
_HEARD = {
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


def result(task: AnyTask) -> dict[str, Any]:
    """What a task's route answers when all is well."""
    if task.name == "emotion":
        return example(_HEARD, "the result; `emotion` is null where no voice was heard")
    formats = next(option.choices for option in options_of(task.options) if option.name == "format")
    return {"description": "the picture", "content": {MEDIA_TYPES[f".{format}"]: {} for format in formats}}


def example(value: dict[str, Any], description: str) -> dict[str, Any]:
    """A JSON answer shown by example."""
    return {"description": description, "content": {"application/json": {"example": value}}}
