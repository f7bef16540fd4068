"""The timeline of a claim: history, messages, conversation, notes, calls and approvals in one order, for the shop."""

from datetime import datetime

from app.records.timeline import TimelineEntry
from app.service.callers import Caller
from app.service.files import require_claim
from app.store import timeline
from app.store.database import Tx

Place = tuple[datetime, int, str]
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00Z")


async def page(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: Place | None) -> list[TimelineEntry]:
    """The entries after a place, the oldest first. Raises NotFoundError."""
    await require_claim(tx, caller, claim_id)
    shown: list[TimelineEntry] = []
    while len(shown) < limit:
        found = await timeline.entries(tx, caller.merchant_id, claim_id, limit=limit, after=after, beginning=BEGINNING)
        shown += [entry for entry in found if timeline.is_shown(entry)]
        if len(found) < limit:
            break
        after = found[-1].place
    return shown[:limit]
