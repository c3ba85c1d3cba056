"""The form of a task's route, made from the options that the task declares."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient

from models.errors import PrewarmError
from models.media.sources import Source, read
from models.tasks.cartoon import CartoonTask
from models.tasks.options import option
from service.api.fields import Asked, form_of, only_known


@dataclass(frozen=True)
class Drawing:
    pen: Literal["ink", "lead"] = option("ink", "what it is drawn with")
    width: int = option(3, "of the lines", limits=(1, 9))
    signed: bool = option(True, "with a name")
    frame: Source | None = option(None, "a picture around it")


class DrawingTask(CartoonTask):
    options: Any = Drawing


def told(asked: Asked) -> dict[str, Any]:
    options = asked.options
    frame = read(options.frame, 99).decode() if options.frame else None
    return {"given": [options.pen, options.width, options.signed, frame], "files": len(asked.files)}


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.post("/one", dependencies=[Depends(only_known)])
    async def one(asked: Annotated[Asked, Depends(form_of(DrawingTask()))]) -> dict[str, Any]:
        return told(asked)

    @app.post("/many", dependencies=[Depends(only_known)])
    async def many(asked: Annotated[Asked, Depends(form_of(DrawingTask(), many=True))]) -> dict[str, Any]:
        return told(asked)

    @app.exception_handler(PrewarmError)
    async def refused(request: Request, error: PrewarmError) -> Any:
        from fastapi.responses import JSONResponse

        return JSONResponse({"refused": error.message}, 422)

    return TestClient(app)


def test_what_is_not_sent_has_its_default(client: TestClient) -> None:
    assert client.post("/one", files={"image": b"x"}).json() == {"given": ["ink", 3, True, None], "files": 1}


def test_values_and_files_arrive_as_the_option_says(client: TestClient) -> None:
    fields, files = {"pen": "lead", "width": "9", "signed": "false"}, {"image": b"x", "frame": b"oak"}
    assert client.post("/one", files=files, data=fields).json()["given"] == ["lead", 9, False, "oak"]


def test_a_job_takes_many_files(client: TestClient) -> None:
    assert client.post("/many", files=[("image", b"x")] * 3).json()["files"] == 3


@pytest.mark.parametrize("fields", [{"pen": "chalk"}, {"width": "10"}, {"width": "3.5"}, {"signed": "perhaps"}])
def test_a_wrong_value_is_refused(client: TestClient, fields: dict[str, str]) -> None:
    answer = client.post("/one", files={"image": b"x"}, data=fields)
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", *fields])


def test_a_misspelled_field_is_refused_with_the_ones_there_are(client: TestClient) -> None:
    refused = client.post("/one", files={"image": b"x"}, data={"penn": "ink"}).json()["refused"]
    assert "'penn'" in refused and "image, pen, width, signed, frame" in refused
