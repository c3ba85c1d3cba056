"""The named endpoints for `gradio_client`, one for each task, made from its declaration."""

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import gradio as gr
from gradio.components.api_component import Api
from gradio.context import get_blocks_context

import preload
from models.media.file_types import TOLD
from models.media.images import encode
from models.tasks import TASKS
from models.tasks.base import AnyTask, Call
from models.tasks.matting import finished_alpha, subject
from models.tasks.options import Option, checked, options_of
from ui.i18n.messages import explain, visitor_of
from ui.state.files import Payload, name_of, publish, uploaded

FILES = {"image": "the photo", "audio": "the recording, 0.3 s to an hour"}
ALPHA = "its alpha as a grey PNG"
# What an endpoint returns where that is not one file: its type, and what is said of each part.
RETURNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "emotion": (dict[str, Any], ("the result; emotion is null where no voice was heard",)),
    "matting": (tuple[gr.FileData, gr.FileData], ("the result, without metadata", ALPHA)),
}
ONE_FILE = (gr.FileData, ("the result, without metadata",))


def register() -> None:
    """Add the endpoints to the Blocks under construction, with what Gradio's page of the API and `view_api()` show."""
    for task in TASKS.values():
        call = gr.api(endpoint(task), api_name=task.name, api_description=task.doc, concurrency_limit=None)
        source = f"{FILES[task.source]}, given with handle_file(): {TOLD[task.media]}"
        told = [source, *(_told(option) for option in options_of(task.options))]
        _document(call["inputs"], told, "additional_description")
        _document(call["outputs"], list(RETURNS.get(task.name, ONE_FILE)[1]), "description")


def _document(ids: list[int], lines: list[str], field: str) -> None:
    """gr.api() has no place for what is said of a parameter; its components tell it on."""
    blocks = get_blocks_context()
    assert blocks is not None
    for number, line in zip(ids, lines, strict=True):
        component = cast(Api, blocks.blocks[number])
        component._api_info = {**component._api_info, field: line}


def endpoint(task: AnyTask) -> Callable[..., Any]:
    """A function with the task's options as its parameters: the file, Gradio's request, the options."""
    names = [option.name for option in options_of(task.options)]

    def answer(source: gr.FileData, request: gr.Request, *values: Any) -> Any:
        with spoken(request):
            return _answer(task, source, dict(zip(names, values, strict=True)), request)

    types = {task.source: gr.FileData, "request": gr.Request, **{o.name: _type(o) for o in options_of(task.options)}}
    defaults = {option.name: option.default for option in options_of(task.options)}
    answer.__name__ = task.name
    returned = RETURNS.get(task.name, ONE_FILE)[0]
    answer.__annotations__ = {**types, "return": returned}
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                annotation=annotation,
                default=defaults.get(name, inspect.Parameter.empty),
            )
            for name, annotation in types.items()
        ],
        return_annotation=returned,
    )
    return answer


def _answer(task: AnyTask, source: Any, values: dict[str, Any], request: gr.Request) -> Any:
    for option in options_of(task.options):
        if option.kind == "file" and values[option.name] is not None:
            values[option.name] = uploaded(values[option.name])
    options, call = checked(task.options, values), Call(visitor_of(request))
    resident = preload.RESIDENTS[task.family]
    with task.run(uploaded(source), options, resident=resident, call=call) as passed:
        file = task.file(passed, options, resident=resident, call=call)
        if task.name == "emotion":
            return json.loads(file.content)
        made = _file(file.content, source, file.name)
        if task.name == "matting":
            alpha = finished_alpha(subject(passed, options), options)
            return made, _file(encode(alpha, "png"), source, "alpha.png")
        return made


@contextmanager
def spoken(request: gr.Request) -> Iterator[None]:
    """Turns errors into the one kind that Gradio passes on to programs, with a plain sentence."""
    try:
        yield
    except Exception as error:  # the edge to programs: told in a sentence, the unforeseen logged
        raise gr.Error(explain(error, request), print_exception=False) from error


def _type(option: Option) -> Any:
    match option.kind:
        case "choice":
            return Literal[option.choices]
        case "file":
            return gr.FileData | None
        case _:
            return option.type


def _told(option: Option) -> str:
    limits = f"{option.low:g} to {option.high:g}; " if option.kind == "number" else ""
    return limits + option.doc


def _file(content: bytes, source: Payload, name: str) -> gr.FileData:
    """A result, named after its source."""
    path = publish(content, name, source=name_of(source))
    return gr.FileData(path=path, orig_name=Path(path).name)
