"""What a flag's text may be."""

import argparse
from pathlib import Path

import pytest

from flag_values import choice, device, file, folder, host, login, networks, one_line, path_of, root_path, token, whole


@pytest.mark.parametrize("text", ["auto", "cpu", "cuda", "cuda:3", "mps"])
def test_devices(text: str) -> None:
    assert device(text) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [(device, "cuda:x"), (device, "gpu"), (choice("a", "b"), "c"), (whole(0, 5), "6"), (networks, "*")],
)
def test_anything_else_is_refused_by_name(kind, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(argparse.ArgumentTypeError, match=r"none of|no whole|no list"):
        kind(text)


@pytest.mark.parametrize(
    ("given", "bare"),
    [("::1", "::1"), ("[::1]", "::1"), (" 127.0.0.1 ", "127.0.0.1"), ("studio.example", "studio.example")],
)
def test_a_host_is_a_name_or_an_address(given: str, bare: str) -> None:
    assert host(given) == bare


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((host, text) for text in ("", "a b", "a" * 64, "é" * 70, "..", "\udcff", "a\tb")),
        *((token, text) for text in ("", "two words", "größe", "line\n", "\udcff")),
        *((login, text) for text in ("me", "me:", ":word", "me:w\udcffrd", "me:wo\nrd")),
        *((root_path, text) for text in ("prewarm", "//evil.example", "/a b", "/a\n", "/%2f", "/ü")),
        *((path_of, text) for text in ("", "a" * 300, "a/" * 3000, "a\0b")),
        *((kind, text) for kind in (folder, file) for text in ("", "a" * 300, "/dev/null", "/no/such", "/dev/null/x")),
    ],
)
def test_what_would_fail_later_is_refused(kind, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(argparse.ArgumentTypeError):
        kind(text)


def test_a_path_through_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for kind in (path_of, folder, file):
        with pytest.raises(argparse.ArgumentTypeError, match="give another path"):
            kind(str(tmp_path / "loop" / "x"))


def test_a_line_stays_one_and_short() -> None:
    assert one_line("a\nb\udcff ü") == "a\\nb\\udcff ü"
    assert one_line(f"'{'9' * 5000}' is") == f"'{'9' * 119}... is"
