"""The time of the merchant whose link a visitor has."""

from datetime import datetime

from app.api.app_state import AppState
from app.records.buyer_access import AccessKind
from app.service.buyer_access import merchant_of
from app.service.errors import NotFoundError
from app.service.merchant_clocks import clock_of, time_of


async def time_of_link(state: AppState, link: str) -> datetime:
    """By the system clock for a text that is no link, and for a link whose data was deleted: the session that it opens
    is not accepted."""
    merchant_id = merchant_of(link, AccessKind.LINK)
    try:
        clock = await clock_of(state.database, merchant_id) if merchant_id else None
    except NotFoundError:
        clock = None
    return time_of(clock, state.clock())
