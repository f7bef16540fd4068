"""Figures about the orders of a merchant."""

from datetime import datetime

from app.records.figures import DelayFigures
from app.service.callers import Caller
from app.store import figures
from app.store.database import Tx


async def delays(tx: Tx, caller: Caller, from_at: datetime, to_at: datetime) -> DelayFigures:
    """What became of the orders whose buyers were told of a delay from `from_at` until before `to_at`."""
    return await figures.of_delays(tx, caller.merchant_id, from_at, to_at)
