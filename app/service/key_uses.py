"""When each API key was used last: noted in the memory of the process, and written once a minute and at its end.

A request costs no write. A process that dies loses the uses of a minute at most.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.service.callers import Caller
from app.store import api_keys
from app.store.database import Database

logger = logging.getLogger(__name__)

WRITTEN_EVERY = 60
"""Seconds between two writes of a process."""


class KeyUses:
    def __init__(self) -> None:
        self._last: dict[tuple[str, str], datetime] = {}

    def note(self, caller: Caller, now: datetime) -> None:
        """`now` is of the system clock in every mode."""
        if caller.owner_id is not None:
            self._last[caller.owner_id, caller.key_id] = now

    async def write(self, database: Database) -> None:
        """Write the uses since the last write. If the database cannot be used, the next write has them too."""
        uses, self._last = self._last, {}
        if not uses:
            return
        try:
            await database.write(lambda tx: api_keys.mark_used(tx, uses))
        except (SQLAlchemyError, OSError) as error:
            self._last = uses | self._last
            logger.warning("could not write when keys were used last, will try again: %s", error)

    @asynccontextmanager
    async def written(self, database: Database) -> AsyncIterator[None]:
        """Within this context the uses are written."""
        writing = asyncio.create_task(self._write_each_minute(database))
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.write(database)

    async def _write_each_minute(self, database: Database) -> None:
        while True:
            await asyncio.sleep(WRITTEN_EVERY)
            await self.write(database)
