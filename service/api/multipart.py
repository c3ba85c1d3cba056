"""Forms as clients send them: a part that should be a file is one, with a name or without, however that is written."""

from collections.abc import Callable, Collection, Coroutine
from email.message import Message
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from models.errors import WrongKind

MULTIPART = b"multipart/form-data"
# Browsers and curl write these of a name so, and leave every other `%` as it is (WHATWG, multipart/form-data).
_ESCAPED = {"%22": '"', "%0A": "\n", "%0D": "\r"}
# Chinese Windows writes GBK and says nothing of it; Latin-1 reads whatever is left.
_ENCODINGS = ("utf-8", "gb18030", "latin-1")


class FormRoute(APIRoute):
    """A route whose fields declared as files take parts without a `filename`, which Starlette takes for texts."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, files = super().get_route_handler(), file_fields(self.dependant)

        async def handled(request: Request) -> Response:
            _require_plain(request)
            return await handle(_FormRequest(request.scope, request.receive, files))

        return handled


def file_fields(dependant: Dependant) -> set[str]:
    """The names of all fields of a route that are files, those of its dependencies included."""
    own = {field.alias for field in dependant.body_params if isinstance(field.field_info, params.File)}
    return own.union(*(file_fields(below) for below in dependant.dependencies))


def _require_plain(request: Request) -> None:
    if (coding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        text = f"A body in {coding[:20]} is not read: send the form as it is, without Content-Encoding."
        raise WrongKind(text, reason="content_encoding")


def file_name(disposition: bytes) -> str:
    """What the Content-Disposition of a part calls its file; empty where it has no name. Older clients tell names of
    other scripts as `filename*` alone (RFC 2231)."""
    _, told = parse_options_header(disposition)
    if b"filename" in told:
        name = next(text for encoding in _ENCODINGS if (text := _decoded(told[b"filename"], encoding)) is not None)
    else:
        message = Message()
        message["content-disposition"] = " ".join(disposition.decode("latin-1").splitlines())
        name = message.get_filename("")
    for escaped, letter in _ESCAPED.items():
        name = name.replace(escaped, letter)
    return name


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


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
            if not parser.is_whole:
                await self._form.close()
                raise HTTPException(400, "The last boundary of the form is missing.")
            return self._form
        return await super()._get_form(**limits)


class _Parser(MultiPartParser):
    files: Collection[str] = ()
    is_whole = False  # a client that stopped in the midst would else have sent what it got to

    def on_headers_finished(self) -> None:
        part = self._current_part
        disposition = part.content_disposition or b""
        _, told = parse_options_header(disposition)
        if b"filename" not in told and told.get(b"name", b"").decode("utf-8", "replace") in self.files:
            part.content_disposition = disposition + b'; filename=""'
        super().on_headers_finished()
        if part.file is not None:
            part.file.filename = file_name(disposition)

    def on_end(self) -> None:
        self.is_whole = True
