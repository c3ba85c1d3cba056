"""The form of a task's route, made from the options that the task declares."""

import inspect
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_origin

from fastapi import File, Form, Request, UploadFile
from fastapi.dependencies.models import Dependant
from pydantic import WithJsonSchema

from models.errors import BadField
from models.media.file_types import TOLD
from models.tasks.base import AnyTask
from models.tasks.options import SHOWN_CHARACTERS, Option, options_of, unknown_field

FILES_AT_MOST = 500  # of a job
MANY: Mapping[str, str] = {
    "image": f"up to {FILES_AT_MOST} pictures, in the order they shall be worked on",
    "audio": f"up to {FILES_AT_MOST} recordings, or a long one",
}


_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_Sent = Annotated[UploadFile, WithJsonSchema(_FILE)]  # one of many may turn out to be none: the others are worked on
_Filled = Annotated[UploadFile, WithJsonSchema({**_FILE, "minLength": 1})]


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

    told = MANY[task.source] if many else TOLD[task.media]
    source: Any = Annotated[_Filled, File(description=told)]
    if many:
        source = Annotated[list[_Sent], File(description=told, min_length=1)]
    read.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_parameter(task.source, source), *(_of_option(option) for option in options_of(task.options))]
    )
    return read


async def nothing_in_the_address(request: Request) -> None:
    """BadField for a query: what is sent there would silently do nothing."""
    for name in request.query_params:
        message = f"There is no query parameter {name[:SHOWN_CHARACTERS]!r}: fields are sent in the form."
        raise BadField(message, reason="unknown_field")


async def only_known(request: Request) -> None:
    """BadField for a field that the route does not have, or has once and was sent again: one of them would silently do
    nothing."""
    known = _fields(request.scope["route"].dependant)
    for name, count in Counter(name for name, _ in (await request.form()).multi_items()).items():
        if name not in known:
            raise unknown_field(name, known)
        if count > 1 and not known[name]:
            raise BadField(f"{name} was sent {count} times: send it once.", reason="repeated_field")


def _fields(dependant: Dependant) -> dict[str, bool]:
    """All fields of a route, those of its dependencies included, and whether it takes many of each."""
    own = {field.alias: get_origin(field.field_info.annotation) is list for field in dependant.body_params}
    return own | {name: many for below in dependant.dependencies for name, many in _fields(below).items()}


def _of_option(option: Option) -> inspect.Parameter:
    told: dict[str, Any] = {"description": option.doc, "json_schema_extra": dict(option.schema)}
    if option.example:
        told["examples"] = [option.example]
    match option.kind:
        case "choice":
            annotation: Any = Annotated[Literal[option.choices], Form(**told)]
        case "number":
            annotation = Annotated[option.type, Form(ge=option.low, le=option.high, **told)]
        case "file":
            annotation = Annotated[_Filled, File(**told)]
        case _:
            annotation = Annotated[option.type, Form(**told)]
    return _parameter(option.name, annotation, option.default)


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
