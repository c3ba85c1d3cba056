"""Every door has every option of every task with the same default, choices and range.

A door is one function: from a task to its options by name.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cli import arguments
from models.tasks import TASKS
from models.tasks.base import Task
from models.tasks.options import options_of
from service import server


@dataclass(frozen=True)
class Field:
    """An option as a door has it; `limits` are lowest and highest value."""

    default: Any
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None


Door = Callable[[Task[Any, Any, Any, Any]], dict[str, Field]]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    uploads = tmp_path_factory.mktemp("studio") / "uploads"
    return server.create({}, uploads, retention_minutes=30).app.openapi()


def declared(task: Task[Any, Any, Any, Any]) -> dict[str, Field]:
    return {
        option.name: Field(
            option.default, option.choices, (option.low, option.high) if option.kind == "number" else None
        )
        for option in options_of(task.options)
    }


def form(document: dict[str, Any], path: str, task: Task[Any, Any, Any, Any]) -> dict[str, Field]:
    """The form of a REST route, from the OpenAPI document."""
    content = document["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
    return {name: _of_schema(field) for name, field in schema["properties"].items() if name != task.source}


def _of_schema(field: dict[str, Any]) -> Field:
    limits = (field["minimum"], field["maximum"]) if "minimum" in field else None
    return Field(field.get("default"), tuple(field.get("enum", ())), limits)


def command_line(task: Task[Any, Any, Any, Any]) -> dict[str, Field]:
    """The flags: what argparse takes at both ends of a range and refuses beyond; the default is that of `parse`."""
    untouched = arguments.parse([task.name, "input"], {}).options
    found = {}
    for option in options_of(task.options):
        told = arguments.argument_of(option)
        limits = (option.low, option.high) if option.kind == "number" and _keeps(told["type"], option) else None
        found[option.name] = Field(getattr(untouched, option.name), tuple(told.get("choices", ())), limits)
    return found


def _keeps(check: Callable[[str], float], option: Any) -> bool:
    for value in (option.low - 1, option.high + 1):
        with pytest.raises(argparse.ArgumentTypeError):
            check(str(value))
    return [check(str(value)) for value in (option.low, option.high)] == [option.low, option.high]


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_rest(task: Task[Any, Any, Any, Any], document: dict[str, Any]) -> None:
    assert form(document, f"/api/v1/{task.name}", task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_jobs(task: Task[Any, Any, Any, Any], document: dict[str, Any]) -> None:
    assert form(document, f"/api/v1/jobs/{task.name}", task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_command_line(task: Task[Any, Any, Any, Any]) -> None:
    assert command_line(task) == declared(task)
