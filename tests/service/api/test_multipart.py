"""Forms as clients send them."""

import httpx
import pytest

from tests.helpers.picture_makers import PNG

BOUNDARY = "b0"


def part(disposition: str, content: bytes) -> bytes:
    return b"--b0\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (disposition.encode(), content)


def sent(studio: httpx.Client, path: str, *parts: bytes) -> httpx.Response:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return studio.post(f"/api/v1/{path}", content=b"".join(parts) + b"--b0--\r\n", headers=headers)


def test_a_part_without_a_filename_is_taken_however_large(studio: httpx.Client) -> None:
    large = PNG + bytes(2**20)
    answer = sent(studio, "cartoon", part('name="image"', large), part('name="format"', b"jpg"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="cartoon.jpg"'
    behind = part('name="background_image"', PNG)
    assert sent(studio, "matting", part("name=image", PNG), behind).status_code == 200
    assert sent(studio, "jobs/cartoon", part('name="image"', PNG), part('name="image"', PNG)).status_code == 202


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_such_a_part_is_judged_as_any_other(studio: httpx.Client, content: bytes) -> None:
    assert sent(studio, "cartoon", part('name="image"', content)).status_code in (400, 422)


def test_what_is_no_form_is_told(studio: httpx.Client) -> None:
    assert sent(studio, "cartoon", part('filename="a.png"', PNG)).status_code == 400
