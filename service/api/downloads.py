"""What a result is saved as: the header that tells it (RFC 6266), and files with it."""

from urllib.parse import quote

from fastapi import HTTPException
from fastapi.responses import FileResponse
from starlette.responses import MalformedRangeHeader, RangeNotSatisfiable


def disposition(name: str) -> str:
    """The value of Content-Disposition for a `name` that `result_name` made safe. Clients that know no RFC 8187 get it
    with `_` for other scripts."""
    plain = "".join(letter if letter.isascii() else "_" for letter in name)
    told = f'attachment; filename="{plain}"'
    # Some browsers read `%41` in a plain name as a letter.
    return told if plain == name and "%" not in name else f"{told}; filename*=UTF-8''{quote(name, safe='')}"


class Download(FileResponse):
    """A file, or a part of it: a Range that means nothing is none (RFC 9110), one beyond the end is an error."""

    @classmethod
    def _parse_range_header(cls, http_range: str, file_size: int) -> list[tuple[int, int]]:
        try:
            return super()._parse_range_header(http_range, file_size)
        except MalformedRangeHeader:
            return []
        except RangeNotSatisfiable:
            raise HTTPException(416, headers={"Content-Range": f"bytes */{file_size}"}) from None
