"""The outbox: events that are committed and not published yet. Triggers fill it in the transaction of each event, and
fan-out empties it.

The worker that holds a merchant's feed head is the only one to touch the merchant's rows.
"""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, delete, exists, func, literal, or_, select, update

from app import tracing
from app.records.event import UnpublishedEvent
from app.store import upcasts
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claim_events, claims, notices, orders, outbox, refunds

_earlier = outbox.alias("earlier")
_later = outbox.alias("later")
_step = claim_events.alias("step")
_WAITS_FOR_EARLIER_STEP = exists(
    select(1).where(
        _later.c.merchant_id == outbox.c.merchant_id,
        _later.c.claim_id == outbox.c.claim_id,
        _later.c.seq <= outbox.c.seq,
        _earlier.c.merchant_id == _later.c.merchant_id,
        _earlier.c.claim_id == _later.c.claim_id,
        _earlier.c.seq < _later.c.seq,
        _earlier.c.event_id > _later.c.event_id,
    )
)
"""Among the steps of the claim up to this one, an earlier step has a later id, as when the clocks of two machines
differ. The step waits for a turn in which the steps before it are gone: in each turn the ids of a claim's steps rise,
so that the order of ids is the order of the history."""
_ASIDE = "claim.refund_account_%"
"""Events about a claim that have no copy of the claim, beside the events of its refunds."""
_SNAPSHOT = (
    select(_step.c.data)
    .where(
        _step.c.merchant_id == outbox.c.merchant_id,
        _step.c.claim_id == outbox.c.claim_id,
        _step.c.seq < outbox.c.seq,
        _step.c.type.like("claim.%"),
        _step.c.type.not_like(_ASIDE),
        or_(claim_events.c.type.not_like("claim.%"), claim_events.c.type.like(_ASIDE)),
    )
    .order_by(_step.c.seq.desc())
    .limit(1)
    .correlate(outbox, claim_events)
    .scalar_subquery()
)
_ITS_EVENT = and_(
    claim_events.c.merchant_id == outbox.c.merchant_id,
    claim_events.c.claim_id == outbox.c.claim_id,
    claim_events.c.seq == outbox.c.seq,
)
_ITS_CLAIM = and_(claims.c.merchant_id == outbox.c.merchant_id, claims.c.claim_id == outbox.c.claim_id)
_ITS_NOTICE = and_(notices.c.merchant_id == outbox.c.merchant_id, notices.c.event_id == outbox.c.event_id)
_ITS_ORDER = and_(
    notices.c.subject == literal("order"),
    orders.c.merchant_id == notices.c.merchant_id,
    orders.c.order_id == notices.c.subject_id,
)
_OF_REFUND = (
    select(refunds.c.metadata)
    .where(
        claim_events.c.type.like("refund.%"),
        refunds.c.merchant_id == claim_events.c.merchant_id,
        refunds.c.claim_id == claim_events.c.claim_id,
        claim_events.c.data.like(literal('{"refund":{"refund_id":"') + refunds.c.refund_id + literal('"%')),
    )
    .correlate(claim_events)
    .scalar_subquery()
)
"""Metadata is no part of the history. An event carries the metadata of the moment at which it is published."""
_NEXT = Statement(
    select(
        outbox.c.event_id,
        func.coalesce(claim_events.c.type, notices.c.type).label("type"),
        func.coalesce(claim_events.c.at, notices.c.at).label("at"),
        func.coalesce(claim_events.c.data, notices.c.data).label("data"),
        outbox.c.claim_id,
        outbox.c.seq,
        outbox.c.traceparent,
        claims.c.order_id,
        _SNAPSHOT.label("snapshot"),
        claims.c.created_at.label("claim_created_at"),
        notices.c.subject,
        notices.c.subject_id,
        func.coalesce(_OF_REFUND, claims.c.metadata, orders.c.metadata).label("metadata"),
    )
    .select_from(
        outbox.outerjoin(claim_events, _ITS_EVENT)
        .outerjoin(claims, _ITS_CLAIM)
        .outerjoin(notices, _ITS_NOTICE)
        .outerjoin(orders, _ITS_ORDER)
    )
    .where(
        outbox.c.merchant_id == bindparam("merchant"),
        ~_WAITS_FOR_EARLIER_STEP,
        or_(claim_events.c.event_id.is_not(None), notices.c.event_id.is_not(None)),
    )
    .order_by(outbox.c.event_id)
    .limit(bindparam("at_most"))
)
_CARRY = Statement(
    update(outbox)
    .where(outbox.c.merchant_id == bindparam("merchant"), outbox.c.event_id == bindparam("event"))
    .values(traceparent=bindparam("present"))
)
_DELETE = Statement(
    delete(outbox).where(outbox.c.merchant_id == bindparam("merchant"), outbox.c.event_id == bindparam("event"))
)


async def carry_trace(tx: Tx, merchant_id: str, event_id: str) -> None:
    """Store the present span, if there is one, with an event that was just added."""
    if present := tracing.carried():
        await tx.fetch(_CARRY, {"merchant": merchant_id, "event": event_id, "present": present})


async def following(tx: Tx, merchant_id: str, *, limit: int) -> list[UnpublishedEvent]:
    """The next events of a merchant in the order of their ids. A claim's events are in the order of its history."""
    rows = await tx.fetch(_NEXT, {"merchant": merchant_id, "at_most": limit})
    return [UnpublishedEvent(**{**row._asdict(), "type": upcasts.event_type_v1_to_v2(row.type)}) for row in rows]


async def remove(tx: Tx, merchant_id: str, event_ids: Sequence[str]) -> None:
    await tx.run_all(_DELETE, [{"merchant": merchant_id, "event": event_id} for event_id in event_ids])
