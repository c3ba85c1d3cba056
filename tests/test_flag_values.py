"""What a flag's text may be."""

import argparse

import pytest

from flag_values import choice, device, networks, whole


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
