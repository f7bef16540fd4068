"""What the reports have not counted yet. Triggers note each change of a claim or an order, in its own transaction.

Whoever counts for a merchant holds the merchant's head until the commit. Commands never wait for it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, bindparam, delete, exists, insert, literal, or_, select, update

from app import json_text
from app.records.report import Change, ReportHead, Subject
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claims, merchants, orders, report_changes, report_heads
from app.store.types import JsonTexts

_h, _c = report_heads.c, report_changes.c
_IS_HEAD = _h.merchant_id == bindparam("merchant")
_OF_MERCHANT = _c.merchant_id == bindparam("merchant")
_BEGIN = Statement(insert(report_heads))
_FIRST_CHANGE = (
    select(_c.change_id)
    .where(_c.merchant_id == _h.merchant_id)
    .order_by(_c.changed_at, _c.change_id)
    .limit(1)
    .scalar_subquery()
)
_TAKE = Statement(
    select(_h.merchant_id, _h.time_zone, _h.recounting, _h.recounted_to)
    .where(
        or_(_FIRST_CHANGE.is_not(None), _h.recounting.is_not(None)),
        ~exists(select(1).where(merchants.c.merchant_id == _h.merchant_id, merchants.c.erased_at.is_not(None))),
    )
    .order_by(_h.counted_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=report_heads)
)
_LOAD = Statement(select(_h.merchant_id, _h.time_zone, _h.recounting, _h.recounted_to).where(_IS_HEAD))
_ADVANCE = Statement(
    update(report_heads)
    .where(_IS_HEAD)
    .values({name: bindparam(f"new_{name}") for name in ("counted_at", "recounting", "recounted_to")})
)
_USE_TIME_ZONE = Statement(
    update(report_heads)
    .where(_IS_HEAD, _h.time_zone != bindparam("zone"))
    .values(time_zone=bindparam("zone"), recounting=literal(Subject.CLAIM.value), recounted_to=literal(""))
)
_NEXT = Statement(
    select(_c.change_id, _c.changed_at, _c.subject, _c.subject_id)
    .where(_OF_MERCHANT)
    .order_by(_c.changed_at, _c.change_id)
    .limit(bindparam("at_most"))
)
_OLDEST = Statement(select(_c.changed_at).where(_OF_MERCHANT).order_by(_c.changed_at, _c.change_id).limit(1))
_REMOVE = Statement(
    delete(report_changes).where(
        _OF_MERCHANT,
        _c.changed_at <= bindparam("until"),
        _c.change_id.in_(select(JsonTexts(bindparam("changes")).table_valued("value").c.value)),
    )
)
"""`until` lets the key find the rows."""
_ADD = Statement(insert(report_changes))

_OF_ORDERS = Statement(
    select(claims.c.claim_id).where(
        claims.c.merchant_id == bindparam("merchant"),
        claims.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
    )
)


def _following(table: Any, key: Any) -> Statement:
    narrowed = select(key.label("subject_id")).where(
        and_(table.c.merchant_id == bindparam("merchant"), key > bindparam("after"))
    )
    return Statement(narrowed.order_by(key).limit(bindparam("at_most")))


_FOLLOWING = {
    Subject.CLAIM: _following(claims, claims.c.claim_id),
    Subject.ORDER: _following(orders, orders.c.order_id),
}


async def begin(tx: Tx, merchant_id: str, now: datetime) -> None:
    """Make a merchant's head. Without it nothing is counted for the merchant."""
    head = {"time_zone": "UTC", "counted_at": now, "recounting": None, "recounted_to": ""}
    await tx.fetch(_BEGIN, {"merchant_id": merchant_id, **head})


async def take_head(tx: Tx) -> ReportHead | None:
    """Lock the head that was counted the longest ago, of the merchants with something to count."""
    row = await tx.first(_TAKE)
    return None if row is None else _head(row)


async def head(tx: Tx, merchant_id: str) -> ReportHead:
    """Raises LookupError for a merchant without a head."""
    row = await tx.first(_LOAD, {"merchant": merchant_id})
    if row is None:
        raise LookupError(f"merchant {merchant_id} has no head of reports")
    return _head(row)


def _head(row: Any) -> ReportHead:
    recounting = None if row.recounting is None else Subject(row.recounting)
    return ReportHead(**{**row._asdict(), "recounting": recounting})


async def advance(tx: Tx, head: ReportHead, now: datetime) -> None:
    """End the merchant's turn. The caller holds the head."""
    values = {"new_counted_at": now, "new_recounting": head.recounting, "new_recounted_to": head.recounted_to}
    await tx.fetch(_ADVANCE, {"merchant": head.merchant_id, **values})


async def use_time_zone(tx: Tx, merchant_id: str, zone: str) -> None:
    """Count everything again by the days of another time zone. Nothing if it is the zone already."""
    await tx.fetch(_USE_TIME_ZONE, {"merchant": merchant_id, "zone": zone})


async def following(tx: Tx, merchant_id: str, *, limit: int) -> list[Change]:
    """The changes that have waited the longest."""
    rows = await tx.fetch(_NEXT, {"merchant": merchant_id, "at_most": limit})
    return [Change(**{**row._asdict(), "subject": Subject(row.subject)}) for row in rows]


async def oldest(tx: Tx, merchant_id: str) -> datetime | None:
    """When the change happened that has waited the longest. None if everything is counted."""
    row = await tx.first(_OLDEST, {"merchant": merchant_id})
    return None if row is None else row.changed_at


async def remove(tx: Tx, merchant_id: str, changes: Sequence[Change]) -> None:
    """Remove changes that are counted, in the order in which they were read."""
    if not changes:
        return
    ids = json_text.dump([change.change_id for change in changes])
    await tx.fetch(_REMOVE, {"merchant": merchant_id, "until": changes[-1].changed_at, "changes": ids})


async def add_claims(tx: Tx, merchant_id: str, claim_ids: Iterable[str], now: datetime) -> None:
    """Count these claims again: another claim has changed what they add."""
    key = {"merchant_id": merchant_id, "subject": Subject.CLAIM, "changed_at": now}
    await tx.run_all(_ADD, [{**key, "change_id": str(uuid4()), "subject_id": each} for each in claim_ids])


async def claims_of_orders(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> set[str]:
    """The claims on these orders, which are counted by the SKUs, the policy and the buyer of the order."""
    rows = await tx.fetch(_OF_ORDERS, {"merchant": merchant_id, "orders": json_text.dump(list(order_ids))})
    return {row.claim_id for row in rows}


async def ids_after(tx: Tx, merchant_id: str, subject: Subject, after: str, *, limit: int) -> Collection[str]:
    """The next claims or orders in the order of their ids, whether or not they have changed."""
    rows = await tx.fetch(_FOLLOWING[subject], {"merchant": merchant_id, "after": after, "at_most": limit})
    return [row.subject_id for row in rows]
