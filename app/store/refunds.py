"""Refunds: money owed to payments, one row for each claim and payment."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, select, update

from app.engine.refund import Refund, RefundStatus
from app.store.database import Tx
from app.store.tables import refunds

_FIELDS = tuple(field.name for field in fields(Refund))
_CHANGING = ("status", "attempts", "provider_reference", "failure", "updated_at", "version")
_KEY = and_(refunds.c.merchant_id == bindparam("merchant"), refunds.c.refund_id == bindparam("refund"))
_COLUMNS = [refunds.c[name] for name in _FIELDS]

_INSERT = insert(refunds)
_LOAD = select(*_COLUMNS).where(_KEY)
_OF_CLAIM = (
    select(*_COLUMNS)
    .where(refunds.c.merchant_id == bindparam("merchant"), refunds.c.claim_id == bindparam("claim"))
    .order_by(refunds.c.refund_id)
)
_OUTSTANDING = (
    select(func.count())
    .select_from(refunds)
    .where(
        refunds.c.merchant_id == bindparam("merchant"),
        refunds.c.claim_id == bindparam("claim"),
        refunds.c.status != RefundStatus.SUCCEEDED.value,
    )
)
_UPDATE = (
    update(refunds)
    .where(_KEY, refunds.c.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_PAGE = select(*_COLUMNS).where(refunds.c.merchant_id == bindparam("merchant"))


async def add(tx: Tx, merchant_id: str, owed: Sequence[Refund]) -> None:
    rows = [{"merchant_id": merchant_id, **{name: getattr(refund, name) for name in _FIELDS}} for refund in owed]
    if rows:
        await tx.execute(_INSERT, rows if len(rows) > 1 else rows[0])


async def load(tx: Tx, merchant_id: str, refund_id: str) -> Refund | None:
    row = (await tx.execute(_LOAD, {"merchant": merchant_id, "refund": refund_id})).one_or_none()
    return None if row is None else from_row(row)


async def of_claim(tx: Tx, merchant_id: str, claim_id: str) -> tuple[Refund, ...]:
    rows = await tx.execute(_OF_CLAIM, {"merchant": merchant_id, "claim": claim_id})
    return tuple(from_row(row) for row in rows)


async def save(tx: Tx, merchant_id: str, refund: Refund, *, seen: int) -> bool:
    """False when somebody else has changed the refund since version `seen`."""
    changes = {f"new_{name}": getattr(refund, name) for name in _CHANGING}
    key = {"merchant": merchant_id, "refund": refund.refund_id, "seen": seen}
    return (await tx.execute(_UPDATE, {**key, **changes})).rowcount == 1


async def page(tx: Tx, merchant_id: str, *, limit: int, after: str | None = None, **equal: str) -> list[Refund]:
    """Newest first, from behind the id of the last one seen."""
    statement = _PAGE.where(*(refunds.c[name] == value for name, value in equal.items()))
    if after is not None:
        statement = statement.where(refunds.c.refund_id < after)
    rows = await tx.execute(statement.order_by(refunds.c.refund_id.desc()).limit(limit), {"merchant": merchant_id})
    return [from_row(row) for row in rows]


def from_row(row: Row[Any]) -> Refund:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    values["status"] = RefundStatus(values["status"])
    return Refund(**values)
