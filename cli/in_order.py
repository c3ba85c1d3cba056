"""Several pieces of work under way, told in the order in which they were given."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    work: Callable[[T], Coroutine[Any, Any, R]], given: AsyncIterator[T], *, at_once: int
) -> AsyncGenerator[R, None]:
    """What `work` makes of each, as soon as it and those before it are done. Raises what `work` or `given` raises, with
    the rest given up; to be closed by whoever stops listening."""
    places, begun = asyncio.Semaphore(at_once), set[asyncio.Task[Any]]()
    made: asyncio.Queue[asyncio.Task[R] | None] = asyncio.Queue()

    async def begin() -> None:
        try:
            async for each in given:
                await places.acquire()
                begun.add(task := asyncio.create_task(work(each)))
                made.put_nowait(task)
        finally:
            made.put_nowait(None)

    begun.add(beginning := asyncio.create_task(begin()))
    try:
        while task := await made.get():
            yield await task
            begun.remove(task)
            places.release()
        await beginning
    finally:
        for left in begun:
            left.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
