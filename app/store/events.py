"""The history of each claim: append-only, each row hashed over its content and the row before it.

The event row is the outbox row as well: what is committed here will be told to whoever listens.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, insert, select, tuple_

from app.engine.model.fast_values import replace
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import claim_events, claims

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """`data` is JSON text, exactly as it was hashed."""

    merchant_id: str
    claim_id: str
    seq: int
    event_id: str
    type: str
    at: datetime
    data: str
    previous: str
    hash: str = ""


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
_AT_A_TIME = 500
_HEADS = Statement(
    select(claims.c.merchant_id, claims.c.claim_id, claims.c.events, claims.c.head)
    .where(tuple_(claims.c.merchant_id, claims.c.claim_id) > tuple_(bindparam("merchant"), bindparam("claim")))
    .order_by(claims.c.merchant_id, claims.c.claim_id)
    .limit(_AT_A_TIME)
)


def digest(event: StoredEvent) -> str:
    """SHA-256 over the row before and this row's fields, one a line; only the last, `data`, may be long."""
    moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    place = (event.previous, event.merchant_id, event.claim_id, str(event.seq))
    content = "\n".join((*place, event.event_id, event.type, moment, event.data))
    return hashlib.sha256(content.encode()).hexdigest()


def seal(event: StoredEvent) -> StoredEvent:
    """The event with its hash."""
    return replace(event, hash=digest(event))


async def append(tx: Tx, event: StoredEvent) -> None:
    """Raises IntegrityError when the same step is on record already."""
    await tx.fetch(_INSERT, {name: getattr(event, name) for name in _COLUMNS})


async def of_claim(tx: Tx, merchant_id: str, claim_id: str, *, after: int = 0, limit: int) -> list[StoredEvent]:
    key = {"merchant": merchant_id, "claim": claim_id, "after": after, "at_most": limit}
    return [StoredEvent(**row._asdict()) for row in await tx.fetch(_OF_CLAIM, key)]


async def broken_chains(tx: Tx) -> AsyncIterator[str]:
    """Recompute every chain; one sentence for each place where the record is not what it was."""
    async for head in _heads(tx):
        chain = await of_claim(tx, head.merchant_id, head.claim_id, limit=head.events + 1)
        problem = _first_break(chain)
        if problem:
            yield f"claim {head.claim_id}: {problem}"
        elif (len(chain), chain[-1].hash if chain else GENESIS) != (head.events, head.head):
            yield f"claim {head.claim_id}: {len(chain)} events lead elsewhere than the {head.events} on record"


async def extent(tx: Tx) -> tuple[int, int]:
    """How many claims there are, and how many events."""
    (row,) = await tx.fetch(_EXTENT)
    return row.claims, row.events


def _first_break(chain: list[StoredEvent]) -> str | None:
    previous = GENESIS
    for seq, event in enumerate(chain, start=1):
        if event.seq != seq:
            return f"event {seq} is missing"
        if event.previous != previous:
            return f"event {seq} does not follow the one before it"
        if digest(event) != event.hash:
            return f"the content of event {seq} is not what was hashed"
        previous = event.hash
    return None


async def _heads(tx: Tx) -> AsyncIterator[Row]:
    """All claims in the order of their keys, some at a time."""
    last = {"merchant": "", "claim": ""}
    while found := await tx.fetch(_HEADS, last):
        for head in found:
            yield head
        last = {"merchant": found[-1].merchant_id, "claim": found[-1].claim_id}
