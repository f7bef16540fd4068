"""Look-ups of names. Callers that need the same name at the same moment share one look-up.

The system looks up few names at a time, without a time limit. Without sharing, one endpoint whose name server does not
answer would hold up the names of all others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, best first. Raises OSError for a host without addresses."""


class Lookups:
    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._under_way: dict[tuple[str, int], asyncio.Task[Sequence[str]]] = {}

    async def find(self, host: str, port: int) -> Sequence[str]:
        """A caller that stops waiting does not stop the look-up, because others may wait for it."""
        task = self._under_way.get((host, port))
        if task is None:
            task = self._under_way[host, port] = asyncio.ensure_future(self._look_up(host, port))
            task.add_done_callback(_read_exception)
        return await asyncio.shield(task)

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            return await self._resolve(host, port)
        finally:
            del self._under_way[host, port]

    async def cancel(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _read_exception(task: asyncio.Task[Sequence[str]]) -> None:
    """Read the exception so that asyncio does not log it: no caller is waiting."""
    if not task.cancelled():
        task.exception()
