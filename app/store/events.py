"""The history of each claim: append-only, each row hashed over its content and the row before it.

A trigger puts each event into the outbox, so every committed event is published.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from app import json_text
from app.records.claim_event import ClaimEvent
from app.store import outbox
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claim_events
from app.store.types import JsonTexts

_COLUMNS = tuple(column.name for column in claim_events.c)
_INSERT = Statement(insert(claim_events))
_OF_CLAIM = Statement(
    select(claim_events)
    .where(
        claim_events.c.merchant_id == bindparam("merchant"),
        claim_events.c.claim_id == bindparam("claim"),
        claim_events.c.seq > bindparam("after"),
    )
    .order_by(claim_events.c.seq)
    .limit(bindparam("at_most"))
)
_FIRST = Statement(
    select(claim_events.c.claim_id, claim_events.c.type, func.min(claim_events.c.at).label("first_at"))
    .where(
        claim_events.c.merchant_id == bindparam("merchant"),
        claim_events.c.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
    )
    .group_by(claim_events.c.claim_id, claim_events.c.type)
)


async def append(tx: Tx, event: ClaimEvent) -> None:
    """Raises IntegrityError when the claim has an event with this number already."""
    await tx.fetch(_INSERT, {name: getattr(event, name) for name in _COLUMNS})
    await outbox.carry_trace(tx, event.merchant_id, event.event_id)


async def of_claim(tx: Tx, merchant_id: str, claim_id: str, *, after: int = 0, limit: int) -> list[ClaimEvent]:
    key = {"merchant": merchant_id, "claim": claim_id, "after": after, "at_most": limit}
    return [ClaimEvent(**row._asdict()) for row in await tx.fetch(_OF_CLAIM, key)]


async def first_instants(
    tx: Tx, merchant_id: str, claim_ids: Collection[str]
) -> Mapping[str, Mapping[str, datetime]]:  # fmt: skip
    """When each event first happened to each claim, by the claim and the type of the event."""
    first: dict[str, dict[str, datetime]] = {claim_id: {} for claim_id in claim_ids}
    for row in await tx.fetch(_FIRST, {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))}):
        first[row.claim_id][row.type] = row.first_at
    return first
