"""Every door has every option of every task with the same default, choices and range.

A door is one function: from a task to its options by name.
"""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
import pytest

from cli import arguments
from models.tasks import TASKS
from models.tasks.base import AnyTask
from models.tasks.options import options_of
from service import server
from tests.helpers.tabs import made
from ui import api
from ui.tabs.base import Tab
from ui.tabs.cartoon import CartoonTab
from ui.tabs.emotion import EmotionTab
from ui.tabs.matting import MattingTab

TABS: dict[str, type[Tab]] = {"cartoon": CartoonTab, "matting": MattingTab, "emotion": EmotionTab}


@dataclass(frozen=True)
class Field:
    """An option as a door has it; `limits` are lowest and highest value."""

    default: Any
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None


Door = Callable[[AnyTask], dict[str, Field]]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    uploads = tmp_path_factory.mktemp("studio") / "uploads"
    return server.create({}, uploads, retention_minutes=30).app.openapi()


def declared(task: AnyTask) -> dict[str, Field]:
    return {
        option.name: Field(
            option.default, option.choices, (option.low, option.high) if option.kind == "number" else None
        )
        for option in options_of(task.options)
    }


def form(document: dict[str, Any], path: str, task: AnyTask) -> dict[str, Field]:
    """The form of a REST route, from the OpenAPI document."""
    content = document["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
    return {name: _of_schema(field) for name, field in schema["properties"].items() if name != task.source}


def _of_schema(field: dict[str, Any]) -> Field:
    limits = (field["minimum"], field["maximum"]) if "minimum" in field else None
    return Field(field.get("default"), tuple(field.get("enum", ())), limits)


def command_line(task: AnyTask) -> dict[str, Field]:
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


def endpoint(task: AnyTask) -> dict[str, Field]:
    """The parameters of gradio_client's endpoint, as it tells them to programs; a range begins what is said of one."""
    with gr.Blocks() as blocks:
        api.register()
    parameters = blocks.get_api_info()["named_endpoints"][f"/{task.name}"]["parameters"]  # type: ignore[index]
    return {told["parameter_name"]: _of_parameter(told) for told in parameters if told["parameter_name"] != task.source}


def _of_parameter(told: dict[str, Any]) -> Field:
    kind, said = told["python_type"]["type"], told["python_type"]["description"]
    limits = re.match(r"(-?[\d.]+) to (-?[\d.]+); ", said)
    return Field(
        told["parameter_default"],
        tuple(re.findall(r"'([^']+)'", kind)) if kind.startswith("Literal") else (),
        (float(limits[1]), float(limits[2])) if limits else None,
    )


def page(task: AnyTask) -> dict[str, Field]:
    """The controls of the task's tab; what is composed of several is only known to be there."""
    tab = made(TABS[task.family])
    composed = tab.composed.get(task.name, {})
    assert all(set(controls) <= tab.controls for controls in composed.values())
    own = {option.name for option in options_of(task.options)} & tab.settings.keys()
    found = {name: _of_control(tab.settings[name]) for name in own - composed.keys()}
    return found | {name: declared(task)[name] for name in composed}


def _of_control(control: Any) -> Field:
    choices = tuple(key for _, key in getattr(control, "choices", None) or ())
    is_number = isinstance(control, (gr.Slider, gr.Number))
    return Field(control.value, choices, (control.minimum, control.maximum) if is_number else None)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_rest(task: AnyTask, document: dict[str, Any]) -> None:
    assert form(document, f"/api/v1/{task.name}", task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_jobs(task: AnyTask, document: dict[str, Any]) -> None:
    assert form(document, f"/api/v1/jobs/{task.name}", task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_command_line(task: AnyTask) -> None:
    assert command_line(task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_endpoint(task: AnyTask) -> None:
    assert endpoint(task) == declared(task)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_page(task: AnyTask) -> None:
    assert page(task) == declared(task)
