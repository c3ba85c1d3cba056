"""Forms as clients send them."""

import gzip

import httpx
import pytest

from service.api.multipart import file_name
from tests.helpers.picture_makers import PNG

BOUNDARY = "b0"


def part(disposition: str | bytes, content: bytes) -> bytes:
    told = disposition.encode() if isinstance(disposition, str) else disposition
    return b"--b0\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (told, content)


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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('filename="照片.png"'.encode(), "照片.png"),
        ('filename="照片.png"'.encode("gbk"), "照片.png"),
        ('filename="café.png"'.encode("latin-1"), "café.png"),
        (b"filename*=UTF-8''%E7%85%A7%20x.png", "照 x.png"),
        (b"filename*=gbk''%D5%D5.png", "照.png"),
        (b'filename*0="ab"; filename*1="c.png"', "abc.png"),
        (b"filename=plain.png; filename*=UTF-8''%E7%85%A7.png", "plain.png"),
        (b'filename="a%22b%0D%0Ac 100%25.png"', 'a"b\r\nc 100%25.png'),
        (b'filename="a\\"b.png"', 'a"b.png'),
        (b'filename=""', ""),
        (b"filename*=nonsense", "nonsense"),
        (b"filename*=nowhere''%FF.png", "\xff.png"),
        (b"filename*=", ""),
        (b"", ""),
    ],
)
def test_names_are_read_however_clients_write_them(written: bytes, name: str) -> None:
    assert file_name(b'form-data; name="image"; ' + written) == name


def test_a_form_that_stops_in_its_midst_is_incomplete_however_many_parts_came(studio: httpx.Client) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    whole = part('name="image"; filename="1.png"', PNG) * 3 + b"--b0--\r\n"
    for end in (len(whole) - 5, len(whole) - 60, 2 * len(whole) // 3, 20):
        answer = studio.post("/api/v1/jobs/cartoon", content=whole[:end], headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), end


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "GZIP, br"])
def test_a_compressed_form_is_told_to_come_as_it_is(studio: httpx.Client, coding: str) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "content-encoding": coding}
    content = gzip.compress(part('name="image"', PNG) + b"--b0--\r\n")
    answer = studio.post("/api/v1/cartoon", content=content, headers=headers)
    assert answer.status_code == 415 and "without Content-Encoding" in answer.json()["error"]["message"]
