"""What a result is saved as, and how it is fetched."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.media.file_names import result_name
from models.runtime.resident import Resident
from service import errors
from service.api.downloads import Download, disposition
from service.metrics import Metrics


def read(header: str) -> str | None:
    """As a client that knows RFC 8187 reads it."""
    plain, told = re.search(r'filename="([^"]*)"', header), re.search(r"filename\*=UTF-8''(\S+)", header)
    return unquote(told[1]) if told else plain and plain[1]


@pytest.mark.parametrize(
    "name", ["me.cartoon.png", "a b;c.png", "张三.cutout.png", "é lan.emotion.json", "100 %.png", "a%41.png"]
)
def test_the_name_comes_back_as_it_was(name: str) -> None:
    header = disposition(name)
    assert header.isascii() and read(header) == name


def test_no_name_leaves_its_header() -> None:
    nasty = result_name('a"; x="\r\nSet-Cookie: b.png', "cartoon.png")
    assert disposition(nasty) == 'attachment; filename="a_; x=___Set-Cookie_ b.cartoon.png"'
    assert disposition(result_name("../../etc/passwd", "cartoon.png")) == 'attachment; filename="passwd.cartoon.png"'
    assert disposition("张三.png").startswith('attachment; filename="__.png"; filename*=')


@pytest.mark.parametrize("letter", ["a", "é", "照", "🙂"])
def test_a_long_name_keeps_what_the_result_is(letter: str) -> None:
    assert read(disposition(result_name(letter * 250 + ".JPG", "cartoon.png"))).endswith(letter + ".cartoon.png")


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-2", 206, b"012"),
        ("bytes=-2", 206, b"89"),
        ("bytes=nonsense", 200, b"0123456789"),
        ("bytes", 200, b"0123456789"),
        ("pages=1-2", 200, b"0123456789"),
        ("bytes=10-", 416, b""),
    ],
)
def test_a_range_is_a_part_all_or_an_error_as_every_other(
    tmp_path: Path, asked: str, status: int, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    app = FastAPI()
    errors.install(app, Metrics({"cartoon": Resident("cartoon")}, [tmp_path]))
    app.add_route("/", lambda request: Download(tmp_path / "file"))
    answer = TestClient(app).get("/", headers={"Range": asked})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == "bytes */10"
        assert "ask for all of it" in answer.json()["error"]["message"]
    else:
        assert answer.content == content
