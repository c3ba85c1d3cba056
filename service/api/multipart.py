"""Forms as clients send them: a part that should be a file is one, with a name or without."""

from collections.abc import Callable, Collection, Coroutine
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

MULTIPART = b"multipart/form-data"


class FormRoute(APIRoute):
    """A route whose fields declared as files take parts without a `filename`, which Starlette takes for texts."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, files = super().get_route_handler(), file_fields(self.dependant)

        async def handled(request: Request) -> Response:
            return await handle(_FormRequest(request.scope, request.receive, files))

        return handled


def file_fields(dependant: Dependant) -> set[str]:
    """The names of all fields of a route that are files, those of its dependencies included."""
    own = {field.alias for field in dependant.body_params if isinstance(field.field_info, params.File)}
    return own.union(*(file_fields(below) for below in dependant.dependencies))


class _FormRequest(Request):
    def __init__(self, scope: Any, receive: Any, files: Collection[str]) -> None:
        super().__init__(scope, receive)
        self._files = files

    async def _get_form(self, **limits: Any) -> FormData:
        sent, _ = parse_options_header(self.headers.get("content-type"))
        if self._form is None and sent == MULTIPART:
            parser = _Parser(self.headers, self.stream(), **limits)
            parser.files = self._files
            try:
                self._form = await parser.parse()
            except MultiPartException as error:
                raise HTTPException(400, error.message) from error
            return self._form
        return await super()._get_form(**limits)


class _Parser(MultiPartParser):
    files: Collection[str] = ()

    def on_headers_finished(self) -> None:
        part = self._current_part
        _, told = parse_options_header(part.content_disposition)
        if b"filename" not in told and told.get(b"name", b"").decode("utf-8", "replace") in self.files:
            part.content_disposition = (part.content_disposition or b"") + b'; filename=""'
        super().on_headers_finished()
