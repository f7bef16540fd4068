"""Refunds: money owed to payments, one row for each claim and payment."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, literal, select, update

from app import json_text
from app.engine.model.refund import Refund, RefundPart, RefundStatus
from app.engine.model.refund_ends import CAN_BE_VOIDED, wakes_at
from app.engine.model.vocabulary import RefundTo
from app.records.refund import StoredRefund
from app.records.sorting import PageQuery, SortedPage
from app.store import documents, metadata
from app.store.database import Tx
from app.store.sorting import SortedListing
from app.store.statements import Row, Statement
from app.store.tables import refund_parts, refunds
from app.store.types import JsonObject, JsonRows, JsonTexts, pairs

_FIELDS = tuple(field.name for field in fields(Refund) if field.name != "parts")
_PART_FIELDS = tuple(field.name for field in fields(RefundPart))
_CHANGING = (
    "status",
    "attempts",
    "provider_reference",
    "failure",
    "updated_at",
    "late_interest",
    "overdue_at",
    "payer",
    "lease_ends_at",
    "failed_at",
    "paid",
    "version",
)
_KEY = and_(refunds.c.merchant_id == bindparam("merchant"), refunds.c.refund_id == bindparam("refund"))
_SORTED_PARTS = (
    select(refund_parts)
    .where(refund_parts.c.merchant_id == refunds.c.merchant_id, refund_parts.c.refund_id == refunds.c.refund_id)
    .order_by(refund_parts.c.position)
    .correlate(refunds)
    .subquery("sorted_parts")
)
_PARTS = select(JsonRows(JsonObject(*pairs(*(_SORTED_PARTS.c[name] for name in _PART_FIELDS))))).scalar_subquery()
COLUMNS = [*(refunds.c[name] for name in (*_FIELDS, "metadata")), _PARTS.label("parts")]
"""The columns that `from_row` reads."""

_INSERT = Statement(insert(refunds))
_INSERT_PART = Statement(insert(refund_parts))
_UPDATE_PART = Statement(
    update(refund_parts)
    .where(
        refund_parts.c.merchant_id == bindparam("merchant"),
        refund_parts.c.refund_id == bindparam("refund"),
        refund_parts.c.position == bindparam("at"),
    )
    .values(provider_reference=bindparam("reference"))
)
_LOAD = Statement(select(*COLUMNS).where(_KEY))
_OF_CLAIM = Statement(
    select(*COLUMNS)
    .where(refunds.c.merchant_id == bindparam("merchant"), refunds.c.claim_id == bindparam("claim"))
    .order_by(refunds.c.refund_id)
)
_OF_CLAIMS = Statement(
    select(*COLUMNS).where(
        refunds.c.merchant_id == bindparam("merchant"),
        refunds.c.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
    )
)
_TO_PAY = Statement(
    select(*COLUMNS)
    .where(
        refunds.c.merchant_id == bindparam("merchant"),
        refunds.c.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
        refunds.c.status.in_([literal(status.value) for status in (RefundStatus.PENDING, RefundStatus.FAILED)]),
    )
    .order_by(refunds.c.refund_id)
)
_TO_VOID = Statement(
    select(*COLUMNS)
    .where(
        refunds.c.merchant_id == bindparam("merchant"),
        refunds.c.order_id == bindparam("order"),
        refunds.c.payment_id == bindparam("payment"),
        refunds.c.status.in_([literal(status.value) for status in sorted(CAN_BE_VOIDED)]),
    )
    .order_by(refunds.c.refund_id.desc())
)
_LIST = SortedListing(
    select(*COLUMNS).where(refunds.c.merchant_id == bindparam("merchant")),
    {
        **{name: refunds.c[name] == bindparam(name) for name in ("status", "claim_id", "order_id")},
        "metadata_key": metadata.has(refunds),
    },
    created=(refunds.c.refund_id,),
    updated=(func.coalesce(refunds.c.updated_at, refunds.c.created_at), refunds.c.refund_id),
)
_UPDATE = Statement(
    update(refunds)
    .where(_KEY, refunds.c.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in (*_CHANGING, "wakes_at")})
    .returning(refunds.c.version)
)


async def add(tx: Tx, merchant_id: str, owed: Sequence[Refund]) -> None:
    rows = [
        {
            "merchant_id": merchant_id,
            **{name: getattr(refund, name) for name in _FIELDS},
            "paid": 0,
            "late_interest_rule": documents.of_late_interest(refund.late_interest_rule),
            "wakes_at": wakes_at(refund),
            "metadata": "{}",
        }
        for refund in owed
    ]
    await tx.run_all(_INSERT, rows)


async def load(tx: Tx, merchant_id: str, refund_id: str) -> StoredRefund | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "refund": refund_id})
    return None if row is None else from_row(row)


async def of_claim(tx: Tx, merchant_id: str, claim_id: str) -> tuple[Refund, ...]:
    rows = await tx.fetch(_OF_CLAIM, {"merchant": merchant_id, "claim": claim_id})
    return tuple(from_row(row).refund for row in rows)


async def of_claims(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> list[Refund]:
    """The refunds of some claims, in no order."""
    rows = await tx.fetch(_OF_CLAIMS, {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))})
    return [from_row(row).refund for row in rows]


async def to_pay(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> list[Refund]:
    """The refunds of claims that nobody has begun to pay, or that have failed, the oldest first."""
    rows = await tx.fetch(_TO_PAY, {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))})
    return [from_row(row).refund for row in rows]


async def to_void(tx: Tx, merchant_id: str, order_id: str, payment_id: str) -> list[Refund]:
    """The refunds of a payment of which something is left to pay and on which nobody works, the newest first."""
    rows = await tx.fetch(_TO_VOID, {"merchant": merchant_id, "order": order_id, "payment": payment_id})
    return [from_row(row).refund for row in rows]


async def save(tx: Tx, merchant_id: str, before: Refund, refund: Refund) -> bool:
    """False when another transaction has changed the refund since `before`."""
    changes = {f"new_{name}": getattr(refund, name) for name in _CHANGING} | {"new_wakes_at": wakes_at(refund)}
    key = {"merchant": merchant_id, "refund": refund.refund_id}
    if not await tx.fetch(_UPDATE, {**key, "seen": before.version, **changes}):
        return False
    if before.parts != refund.parts:
        await _save_parts(tx, merchant_id, before, refund)
    return True


async def _save_parts(tx: Tx, merchant_id: str, before: Refund, refund: Refund) -> None:
    """Parts are added, and may get their reference later."""
    added = [
        {"merchant_id": merchant_id, "refund_id": refund.refund_id, "position": position, **_part_values(part)}
        for position, part in enumerate(refund.parts)
        if position >= len(before.parts)
    ]
    await tx.run_all(_INSERT_PART, added)
    for position, (was, part) in enumerate(zip(before.parts, refund.parts, strict=False)):
        if was != part:
            key = {"merchant": merchant_id, "refund": refund.refund_id, "at": position}
            await tx.fetch(_UPDATE_PART, {**key, "reference": part.provider_reference})


def _part_values(part: RefundPart) -> dict[str, Any]:
    return {name: getattr(part, name) for name in _PART_FIELDS}


async def page(tx: Tx, merchant_id: str, query: PageQuery, **where: Any) -> SortedPage[StoredRefund]:
    """`where` has values of the conditions of `_LIST`."""
    page = await _LIST.page(tx, query, {"merchant": merchant_id, **where}, where.keys() - {"metadata_value"})
    return SortedPage(rows=[from_row(row) for row in page.rows], total=page.total)


def from_row(row: Row) -> StoredRefund:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["status"] = RefundStatus(values["status"])
    values["refund_to"] = RefundTo(values["refund_to"])
    values["parts"] = documents.refund_parts(row.parts)
    values["late_interest_rule"] = documents.late_interest(values["late_interest_rule"])
    return StoredRefund(refund=Refund(**values), metadata=json_text.load(row.metadata))
