"""Names are looked up once for all who ask for them at the same moment.

The system looks up few names at a time, and each of them for as long as it likes: without this, one endpoint whose
name is never answered for would keep everybody else's names waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, best first. Raises OSError when there is none."""


class Lookups:
    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._under_way: dict[tuple[str, int], asyncio.Task[Sequence[str]]] = {}

    async def find(self, host: str, port: int) -> Sequence[str]:
        """Whoever stops waiting does not stop the look-up, which others may wait for."""
        task = self._under_way.get((host, port))
        if task is None:
            task = self._under_way[host, port] = asyncio.ensure_future(self._look_up(host, port))
            task.add_done_callback(_seen)
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


def _seen(task: asyncio.Task[Sequence[str]]) -> None:
    """A failure that nobody waits for any more is nobody's news."""
    if not task.cancelled():
        task.exception()
