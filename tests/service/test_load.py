"""Many clients at once, each with its own marked pictures: everybody gets back what is theirs."""

import asyncio
import io

import httpx
import numpy as np
from PIL import Image

from tests.helpers.picture_makers import saved

CLIENTS, REQUESTS = 20, 5


def marked(number: int) -> tuple[int, int, int]:
    return number * 37 % 256, number * 101 % 256, number % 256


async def ask(client: httpx.AsyncClient, number: int) -> tuple[int, bool]:
    """The status, and whether the answer belongs to the question."""
    colour, width = marked(number), 40 + number % 400
    picture = saved(Image.new("RGB", (width, 50), colour), "PNG")
    task = ("cartoon", "matting")[number % 2]
    fields = {"strength": "1.0"} if task == "cartoon" else {"feather": "false", "erode": "0"}
    answer = await client.post(f"/api/v1/{task}", files={"image": picture}, data=fields)
    if answer.status_code != 200:
        return answer.status_code, True
    image = np.asarray(Image.open(io.BytesIO(answer.content)))
    wanted = tuple(255 - value for value in colour) if task == "cartoon" else colour
    return 200, image.shape[1] == width and tuple(image[5, 5, :3].tolist()) == wanted


async def storm(address: str) -> list[tuple[int, bool]]:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:

        async def visit(visitor: int) -> list[tuple[int, bool]]:
            return [await ask(client, visitor * REQUESTS + turn) for turn in range(REQUESTS)]

        visits = await asyncio.gather(*(visit(visitor) for visitor in range(CLIENTS)))
    return [answer for visit in visits for answer in visit]


def test_nothing_is_mixed_up_or_lost(studio: httpx.Client) -> None:
    answers = asyncio.run(storm(str(studio.base_url)))
    assert len(answers) == CLIENTS * REQUESTS
    assert all(own for _, own in answers)
    assert {status for status, _ in answers} == {200}
