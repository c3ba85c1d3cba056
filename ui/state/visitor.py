"""Whose batch and whose history: a random key that the visitor's browser made, keeps, and sends with every job."""

import re

import gradio as gr

from models.errors import BadField

HEADER = "x-prewarm-visitor"  # set by owner.js
_KEY = re.compile(r"[0-9a-f]{32,64}")


def owner_of(request: gr.Request | None) -> str | None:
    """The visitor's key; None for programs."""
    key = request.headers.get(HEADER, "") if request else ""
    return key if _KEY.fullmatch(key) else None


def required_owner(request: gr.Request | None) -> str:
    """The same where nothing can be done without it. Raises BadField."""
    owner = owner_of(request)
    if owner is None:
        raise BadField("This page is not complete: load it anew to go on.", reason="no_key")
    return owner
