"""A refusal from a layer below FastAPI, before the body was read."""

import asyncio
import json
import time

from starlette.types import Receive, Send

from service.errors import body

# Clients that send everything before they read would see a reset connection instead of the answer.
DISCARD_BYTES = 64 * 2**20
DISCARD_SECONDS = 5.0


async def refuse(
    receive: Receive,
    send: Send,
    status: int,
    code: str,
    message: str,
    *,
    retry_after: int | None = None,
    authenticate: str | None = None,
    allow: str | None = None,
) -> None:
    """Answer at once, throw away what the client is still sending, within bounds, and have the connection closed."""
    # `detail` is where Gradio's own page looks for the sentence.
    content = json.dumps({**body(code, message), "detail": message}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    if authenticate is not None:
        headers.append((b"www-authenticate", authenticate.encode()))
    if allow is not None:
        headers.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": True})
    await _discard(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _discard(receive: Receive) -> None:
    discarded, deadline = 0, time.monotonic() + DISCARD_SECONDS
    while discarded < DISCARD_BYTES:
        try:
            message = await asyncio.wait_for(receive(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return
        discarded += len(message.get("body", b""))
        if not message.get("more_body", False):
            return
