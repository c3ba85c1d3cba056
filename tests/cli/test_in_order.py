"""Several under way, told in the order that they were given in; an error ends all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from cli.in_order import in_order

SECONDS = {"slow": 0.05, "quick": 0.0, "next": 0.0, "last": 0.0}


async def each(*given: str) -> AsyncIterator[str]:
    for one in given:
        yield one


class Work:
    """Notes who begins, how many are under way at most, and who is given up."""

    def __init__(self) -> None:
        self.begun, self.given_up = list[str](), list[str]()
        self.under_way = self.most = 0

    async def __call__(self, name: str) -> str:
        self.begun.append(name)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if name == "bad":
                await asyncio.sleep(0.01)
                raise ValueError("no studio any more")
            await asyncio.sleep(SECONDS.get(name, 60))
        except asyncio.CancelledError:
            self.given_up.append(name)
            raise
        finally:
            self.under_way -= 1
        return name


def told(work: Work, given: AsyncIterator[str], *, at_once: int) -> list[str]:
    async def listen() -> list[str]:
        async with aclosing(in_order(work, given, at_once=at_once)) as made:
            return [name async for name in made]

    return asyncio.run(listen())


@pytest.mark.parametrize("at_once", [1, 3])
def test_several_are_under_way_and_told_in_order(at_once: int) -> None:
    work = Work()
    assert told(work, each(*SECONDS), at_once=at_once) == list(SECONDS) == work.begun
    assert work.most == at_once


def test_an_error_gives_up_the_rest() -> None:
    work = Work()
    with pytest.raises(ValueError, match="no studio"):
        told(work, each("quick", "bad", "endless", "never"), at_once=2)
    assert work.given_up == ["endless"] and "never" not in work.begun


def test_what_cannot_be_listed_ends_it_and_what_trickles_in_is_told_at_once() -> None:
    async def trickling() -> AsyncIterator[str]:
        yield "quick"
        while not heard:
            await asyncio.sleep(0.001)
        raise OSError("the folder is gone")

    heard: list[str] = []

    async def listen() -> None:
        async with aclosing(in_order(Work(), trickling(), at_once=3)) as made:
            async for name in made:
                heard.append(name)

    with pytest.raises(OSError, match="folder is gone"):
        asyncio.run(asyncio.wait_for(listen(), 10))
    assert heard == ["quick"]
