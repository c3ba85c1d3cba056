"""The form of a task's route, made from the options that the task declares."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import File, Form, Request, UploadFile
from fastapi.dependencies.models import Dependant

from models.tasks.base import AnyTask
from models.tasks.options import Option, options_of, unknown_field

FILES_AT_MOST = 500  # of a job
SOURCES: Mapping[str, str] = {
    "image": "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF",
    "audio": "WAV, MP3, FLAC, OGG, AIFF, M4A or WebM",
}
MANY: Mapping[str, str] = {
    "image": f"up to {FILES_AT_MOST} pictures, in the order they shall be worked on",
    "audio": f"up to {FILES_AT_MOST} recordings, or a long one",
}


@dataclass(frozen=True)
class Asked:
    """What is to be done, and with which files."""

    task: AnyTask
    options: Any
    files: tuple[UploadFile, ...]


def form_of(task: AnyTask, *, many: bool = False) -> Callable[..., Any]:
    """A FastAPI dependency that reads the task's form; `many` takes several files."""

    async def read(**values: Any) -> Asked:
        sent = values.pop(task.source)
        given = {name: getattr(value, "file", value) for name, value in values.items()}
        return Asked(task, task.options(**given), tuple(sent) if many else (sent,))

    told = (MANY if many else SOURCES)[task.source]
    source: Any = (
        Annotated[list[UploadFile], File(description=told)] if many else Annotated[UploadFile, File(description=told)]
    )
    read.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_parameter(task.source, source), *(_of_option(option) for option in options_of(task.options))]
    )
    return read


async def only_known(request: Request) -> None:
    """BadField for a field that the route does not have: a misspelled one would silently do nothing."""
    known = _names(request.scope["route"].dependant)
    for name in await request.form():
        if name not in known:
            raise unknown_field(name, known)


def _names(dependant: Dependant) -> list[str]:
    """Of all fields of a route, those of its dependencies included."""
    own = [field.alias for field in dependant.body_params]
    return own + [name for below in dependant.dependencies for name in _names(below)]


def _of_option(option: Option) -> inspect.Parameter:
    told: dict[str, Any] = {"description": option.doc}
    if option.example:
        told["examples"] = [option.example]
    match option.kind:
        case "choice":
            annotation: Any = Annotated[Literal[option.choices], Form(**told)]
        case "number":
            annotation = Annotated[option.type, Form(ge=option.low, le=option.high, **told)]
        case "file":
            annotation = Annotated[UploadFile | None, File(**told)]
        case _:
            annotation = Annotated[option.type, Form(**told)]
    return _parameter(option.name, annotation, option.default)


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
