"""The named endpoints: a task's options as parameters, the task's file as the result."""

import inspect
from pathlib import Path
from typing import Any, Literal

import gradio as gr
import pytest

import preload
from models.tasks import TASKS
from models.tasks.base import Call
from models.tasks.cartoon import CARTOON, Options
from models.tasks.matting import MATTING
from tests.helpers.picture_makers import PNG
from tests.helpers.visitors import visitor
from ui import api
from ui.state.files import publish
from ui.tabs.controls import option_of

pytestmark = pytest.mark.usefixtures("easy")


def called(name: str, file: Path | str, **changed: Any) -> Any:
    """As Gradio calls an endpoint: every parameter in its place."""
    function = api.endpoint(TASKS[name])
    parameters = list(inspect.signature(function).parameters.values())[2:]
    values = [changed.get(parameter.name, parameter.default) for parameter in parameters]
    return function({"path": str(file)}, visitor("a"), *values)


def test_the_parameters_are_the_options_and_the_file_comes_first() -> None:
    file, request, style, *rest = inspect.signature(api.endpoint(CARTOON)).parameters.values()
    assert (file.name, request.annotation, style.default) == ("image", gr.Request, "anime")
    assert style.annotation == Literal[option_of(Options, "style").choices]
    assert [parameter.name for parameter in rest] == ["strength", "resolution", "format", "quality", "enlarge"]


def test_an_endpoint_gives_the_file_of_its_task() -> None:
    made = called("cartoon", publish(PNG, "photo.png"), format="webp")
    asked = CARTOON.answer(PNG, Options(format="webp"), resident=preload.RESIDENTS["cartoon"], call=Call())
    assert (made.orig_name, Path(made.path).read_bytes()) == ("photo.cartoon.webp", asked.content)


def test_a_cutout_comes_with_its_alpha() -> None:
    beach = {"path": publish(PNG, "beach.png")}
    cutout, alpha = called("matting", publish(PNG, "photo.png"), background_image=beach)
    assert [file.orig_name for file in (cutout, alpha)] == ["photo.cutout.png", "photo.alpha.png"]
    options = MATTING.options(output="alpha")
    asked = MATTING.answer(PNG, options, resident=preload.RESIDENTS["matting"], call=Call())
    assert Path(alpha.path).read_bytes() == asked.content


def test_a_mistake_is_a_sentence_and_a_foreign_file_stays_unread(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(gr.Error, match=r"0\.1 to 1\.0"):
        called("cartoon", publish(PNG, "photo.png"), strength=7)
    foreign = tmp_path_factory.mktemp("elsewhere") / "secret.png"
    foreign.write_bytes(PNG)
    with pytest.raises(gr.Error, match="not uploaded"):
        called("cartoon", foreign)


def test_every_endpoint_is_registered_by_the_name_of_its_task() -> None:
    with gr.Blocks() as blocks:
        api.register()
    assert {function.api_name for function in blocks.fns.values()} == set(TASKS)
