"""What a result is saved as."""

import re
from urllib.parse import unquote

import pytest

from service.api.downloads import disposition


def read(header: str) -> str | None:
    """As a client that knows RFC 8187 reads it."""
    plain, told = re.search(r'filename="([^"]*)"', header), re.search(r"filename\*=UTF-8''(\S+)", header)
    return unquote(told[1]) if told else plain and plain[1]


@pytest.mark.parametrize("name", ["me.cartoon.png", "a b;c.png", "张三.cutout.png", "é lan.emotion.json", "100 %.png"])
def test_the_name_comes_back_as_it_was(name: str) -> None:
    header = disposition(name)
    assert header.isascii() and read(header) == name


def test_no_name_leaves_its_header() -> None:
    assert disposition('a"; x="\r\nSet-Cookie: b.png') == 'attachment; filename="a_; x=___Set-Cookie_ b.png"'
    assert disposition("../../etc/passwd") == 'attachment; filename="passwd"'
    assert disposition("张三.png").startswith('attachment; filename="__.png"; filename*=')
