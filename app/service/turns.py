"""Turns of merchants: no merchant uses all connections of a process, however many of its requests wait for a lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Queue:
    places: asyncio.Semaphore
    users: int = field(default=0)


class Turns:
    """At most `at_once` requests of a merchant use the database at a time, first come first served."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def of(self, merchant_id: str) -> AsyncIterator[None]:
        queue = self._queues.setdefault(merchant_id, _Queue(asyncio.Semaphore(self._at_once)))
        queue.users += 1
        try:
            async with queue.places:
                yield
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[merchant_id]


def share_of(connections: int) -> int:
    """How many of a process's connections one merchant may use: three quarters, and not the last one."""
    return max(1, connections - max(1, connections // 4))
