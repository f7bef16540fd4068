"""Long work in pieces or in a thread, so that other requests run in between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")
P = ParamSpec("P")


async def in_turns(values: Iterable[T], *, at_once: int = 1) -> AsyncIterator[T]:
    """Each value, and after every `at_once` of them a turn for the other requests. A page of large claims takes half a
    second."""
    for number, value in enumerate(values, start=1):
        yield value
        if number % at_once == 0:
            await asyncio.sleep(0)


class OneByOne:
    """Work in a thread, one piece at a time for each owner, so that no owner takes the threads of the others."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, owner: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        turn = self._turns.setdefault(owner, asyncio.Lock())
        async with turn:
            return await asyncio.to_thread(work, *args, **kwargs)
