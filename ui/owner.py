"""Whose batch and whose history: a random key that the visitor's browser made and keeps."""

import re
from http.cookies import CookieError, SimpleCookie

import gradio as gr

from models.errors import BadField

COOKIE = "prewarm_visitor"  # written by owner.js
_KEY = re.compile(r"[0-9a-f]{32,64}")


def owner_of(request: gr.Request | None) -> str | None:
    """The visitor's key; None for programs and for browsers that keep none."""
    try:
        cookies = SimpleCookie(request.headers.get("cookie", "") if request else "")
    except CookieError:
        return None
    key = cookies[COOKIE].value if COOKIE in cookies else ""
    return key if _KEY.fullmatch(key) else None


def required_owner(request: gr.Request | None) -> str:
    """The same where nothing can be done without it. Raises BadField."""
    owner = owner_of(request)
    if owner is None:
        raise BadField("This browser refuses cookies; allow them for this page to go on.", reason="no_cookie")
    return owner
