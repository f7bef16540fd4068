"""The history of each claim: append-only, each row hashed over its content and the row before it.

A trigger puts each event into the outbox, so every committed event is published.
"""

from collections.abc import AsyncIterator

from sqlalchemy import bindparam, func, insert, select, tuple_

from app.records.claim_event import GENESIS, ClaimEvent, first_break
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import claim_events, claims

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
_EXTENT = Statement(
    select(
        select(func.count()).select_from(claims).scalar_subquery().label("claims"),
        select(func.count()).select_from(claim_events).scalar_subquery().label("events"),
    )
)
_BATCH = 500
_HEADS = Statement(
    select(claims.c.merchant_id, claims.c.claim_id, claims.c.events, claims.c.head)
    .where(tuple_(claims.c.merchant_id, claims.c.claim_id) > tuple_(bindparam("merchant"), bindparam("claim")))
    .order_by(claims.c.merchant_id, claims.c.claim_id)
    .limit(_BATCH)
)


async def append(tx: Tx, event: ClaimEvent) -> None:
    """Raises IntegrityError when the claim has an event with this number already."""
    await tx.fetch(_INSERT, {name: getattr(event, name) for name in _COLUMNS})


async def of_claim(tx: Tx, merchant_id: str, claim_id: str, *, after: int = 0, limit: int) -> list[ClaimEvent]:
    key = {"merchant": merchant_id, "claim": claim_id, "after": after, "at_most": limit}
    return [ClaimEvent(**row._asdict()) for row in await tx.fetch(_OF_CLAIM, key)]


async def broken_chains(tx: Tx) -> AsyncIterator[str]:
    """Recompute every chain. Yields one sentence for each claim whose history was changed."""
    async for head in _heads(tx):
        chain = await of_claim(tx, head.merchant_id, head.claim_id, limit=head.events + 1)
        problem = first_break(chain)
        if problem:
            yield f"claim {head.claim_id}: {problem}"
        elif (len(chain), chain[-1].hash if chain else GENESIS) != (head.events, head.head):
            yield f"claim {head.claim_id}: {len(chain)} events lead elsewhere than the {head.events} on record"


async def extent(tx: Tx) -> tuple[int, int]:
    """The number of claims and the number of events."""
    (row,) = await tx.fetch(_EXTENT)
    return row.claims, row.events


async def _heads(tx: Tx) -> AsyncIterator[Row]:
    """All claims in the order of their keys, read in batches."""
    last = {"merchant": "", "claim": ""}
    while batch := await tx.fetch(_HEADS, last):
        for head in batch:
            yield head
        last = {"merchant": batch[-1].merchant_id, "claim": batch[-1].claim_id}
