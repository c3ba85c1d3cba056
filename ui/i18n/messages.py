"""Sentences under the controls: notes, errors, and what a run took."""

import logging
from typing import Any

import gradio as gr
from markupsafe import Markup

from models.errors import PrewarmError
from models.runtime.resident import Resident
from models.tasks.base import Call
from ui.i18n.language import language_of, say, say_error

log = logging.getLogger(__name__)


def note(text: str, *, kind: str = "note") -> Markup:
    """A sentence in a coloured box; errors are read out at once by screen readers."""
    role = "alert" if kind == "error" else "status"
    return Markup('<p class="message {}" role="{}">{}</p>').format(kind, role, text)


def explain(error: Exception, request: gr.Request | None) -> str:
    """The sentence for what went wrong; anything unforeseen goes to the log with its traceback."""
    language = language_of(request)
    if isinstance(error, PrewarmError):
        return say_error(language, error)
    log.exception("a request failed", exc_info=error)
    return say(language, "unexpected")


def waiting_note(resident: Resident[Any], variant: object, language: str) -> str:
    """What to say while the model that a visitor asked for is not ready; nothing when it is."""
    status = resident.slot(str(variant)).status if variant else resident.status
    if status.state == "ready":
        return ""
    if variant and variant != resident.default and status.state in ("pending", "failed"):
        return note(say(language, "first_use"))
    state, task = say(language, f"state_{status.state}"), say(language, f"tab_{resident.family}")
    return note(say(language, "waiting", model=task, state=state))


def facts(parts: list[str]) -> Markup:
    """The info line under a result."""
    spans = Markup().join(Markup("<span>{}</span>").format(part) for part in parts)
    return Markup('<p class="facts">{}</p>').format(spans)


def run_facts(call: Call, finish: float, language: str, *, encode: float | None = None) -> list[str]:
    """What a call took, stage by stage, and what made it; `finish` and `encode` in seconds."""
    took, status = call.seconds, call.status
    queue = took["queue"] if took.get("queue", 0) >= 0.001 else None
    stages = {"decode": took.get("decode"), "queue": queue, "model": took.get("forward")}
    stages |= {"finish": finish, "encode": encode}
    parts = [say(language, f"info_{name}", ms=milliseconds(each)) for name, each in stages.items() if each is not None]
    if status is None:
        return parts
    parts.append(" ".join(filter(None, (status.engine, status.device, status.precision))))
    parts.append(say(language, f"source_{status.source}") if status.source else "")
    return [part for part in parts if part]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def visitor_of(request: gr.Request | None) -> str:
    """Address and session, for the fair queue; nothing else is done with it."""
    if request is None:
        return ""
    address = request.client.host if request.client else ""
    return f"{address} {request.session_hash or ''}".rstrip()
