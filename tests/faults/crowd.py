"""Many clients at once, each from an address of its own with inputs of its own, so that every answer can be told."""

import asyncio
import io
from collections import Counter
from dataclasses import dataclass, field

import httpx
import numpy as np
from PIL import Image

from models.media.audio import RATE, encode_wav
from tests.faults.servers import Figure
from tests.helpers.picture_makers import saved

TASKS = ("cartoon", "matting", "emotion")
REFUSALS = (429, 503)
PATIENCE_SECONDS = 120


@dataclass
class Tally:
    """What became of all requests: by status, and how many answers were somebody else's or wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    mixed_up: int = 0
    lost: Counter[str] = field(default_factory=Counter)  # by how


async def ask(client: httpx.AsyncClient, number: int, tally: Tally) -> None:
    """One request with the marks of `number`, tried again while the queue is full."""
    task = TASKS[number % len(TASKS)]
    for _ in range(PATIENCE_SECONDS):
        try:
            answer = await _send(client, task, number)
        except httpx.HTTPError as error:
            tally.lost[type(error).__name__] += 1
            return
        tally.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            mark = _mark(task, answer)
            tally.wrong += mark != _expected(task, number)
            tally.mixed_up += mark != _expected(task, number) and mark[0] != _expected(task, number)[0]
            return
        if answer.status_code not in REFUSALS:
            tally.wrong += 1
            return
        await asyncio.sleep(min(2.0, float(answer.headers.get("retry-after", 1))))
    tally.lost["still refused"] += 1


async def _send(client: httpx.AsyncClient, task: str, number: int) -> httpx.Response:
    if task == "emotion":
        return await client.post("/api/v1/emotion", files={"audio": _voice(number)}, data={"embedding": "true"})
    picture = saved(Image.new("RGB", (_width(number), 50), _colour(number)), "PNG")
    fields = {"strength": "1.0"} if task == "cartoon" else {"feather": "false", "erode": "0"}
    return await client.post(f"/api/v1/{task}", files={"image": picture}, data=fields)


def _mark(task: str, answer: httpx.Response) -> tuple[int, ...]:
    """What an answer tells of its question: width and colour, or the length of the recording."""
    if task == "emotion":
        return (round(answer.json()["embedding"][0]),)
    image = np.asarray(Image.open(io.BytesIO(answer.content)))
    return image.shape[1], *image[5, 5, :3].tolist()


def _expected(task: str, number: int) -> tuple[int, ...]:
    if task == "emotion":
        return (_samples(number),)
    colour = _colour(number) if task == "matting" else tuple(255 - value for value in _colour(number))
    return _width(number), *colour


def _colour(number: int) -> tuple[int, int, int]:
    return number * 37 % 256, number * 101 % 256, number % 256


def _width(number: int) -> int:
    return 40 + number % 900


def _samples(number: int) -> int:
    return RATE // 2 + number


def _voice(number: int) -> bytes:
    return encode_wav(0.1 * np.sin(np.arange(_samples(number)) / 20).astype(np.float32))


async def storm(address: str, clients: int, requests: int) -> Tally:
    """All clients at once, each one's requests one after the other."""
    tally = Tally()

    async def visit(visitor: int) -> None:
        source = httpx.AsyncHTTPTransport(local_address=f"127.0.1.{1 + visitor}")
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS, transport=source) as client:
            for turn in range(requests):
                await ask(client, visitor * requests + turn, tally)

    await asyncio.gather(*(visit(visitor) for visitor in range(clients)))
    return tally


def mix_up(address: str, *, clients: int, requests: int) -> list[Figure]:
    """Nothing wrong, nothing mixed up, nothing lost; refusals only as promised."""
    tally = asyncio.run(storm(address, clients, requests))
    answered, total = tally.statuses[200], clients * requests
    others = {code: count for code, count in sorted(tally.statuses.items()) if code != 200}
    held = set(others) <= set(REFUSALS)
    return [
        Figure(f"{clients} clients × {requests} answered", f"{total}", f"{answered}", answered == total),
        Figure(
            "wrong · mixed up · lost",
            "0 · 0 · 0",
            f"{tally.wrong} · {tally.mixed_up} · {dict(tally.lost) or 0}",
            tally.wrong == tally.mixed_up == tally.lost.total() == 0,
        ),
        Figure("refusals on the way", "only 429 and 503", str(others or "none"), held),
    ]
