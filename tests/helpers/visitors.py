"""Requests as Gradio hands them to a handler."""

from types import SimpleNamespace
from typing import Any


def visitor(key: str) -> Any:
    """A visitor whose browser keeps `key`, a hexadecimal digit, 32 times."""
    return SimpleNamespace(headers={"x-prewarm-visitor": key * 32}, client=None, session_hash="s1")
