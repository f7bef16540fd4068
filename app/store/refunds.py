"""Refunds: money owed to payments, one row for each claim and payment."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import and_, bindparam, insert, select, update

from app import json_text
from app.engine.model.refund import Refund, RefundStatus, overdue_from
from app.records.refund import StoredRefund
from app.store import metadata
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import refunds

_FIELDS = tuple(field.name for field in fields(Refund))
_CHANGING = (
    "status",
    "attempts",
    "provider_reference",
    "failure",
    "updated_at",
    "late_interest",
    "overdue_at",
    "version",
)
_KEY = and_(refunds.c.merchant_id == bindparam("merchant"), refunds.c.refund_id == bindparam("refund"))
_COLUMNS = [refunds.c[name] for name in (*_FIELDS, "metadata")]

_INSERT = Statement(insert(refunds))
_LOAD = Statement(select(*_COLUMNS).where(_KEY))
_OF_CLAIM = Statement(
    select(*_COLUMNS)
    .where(refunds.c.merchant_id == bindparam("merchant"), refunds.c.claim_id == bindparam("claim"))
    .order_by(refunds.c.refund_id)
)
_PAGE = Listing(
    select(*_COLUMNS)
    .where(refunds.c.merchant_id == bindparam("merchant"))
    .order_by(refunds.c.refund_id.desc())
    .limit(bindparam("at_most")),
    {
        **{name: refunds.c[name] == bindparam(name) for name in ("status", "claim_id", "order_id")},
        "after": refunds.c.refund_id < bindparam("after"),
        "metadata_key": metadata.has(refunds),
    },
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
            "wakes_at": overdue_from(refund),
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


async def save(tx: Tx, merchant_id: str, refund: Refund, *, seen: int) -> bool:
    """False when another transaction has changed the refund since version `seen`."""
    changes = {f"new_{name}": getattr(refund, name) for name in _CHANGING} | {"new_wakes_at": overdue_from(refund)}
    key = {"merchant": merchant_id, "refund": refund.refund_id, "seen": seen}
    return bool(await tx.fetch(_UPDATE, {**key, **changes}))


async def page(tx: Tx, merchant_id: str, *, limit: int, after: str | None = None, **equal: str) -> list[StoredRefund]:
    """The refunds after the id of the last refund, newest first."""
    narrowed = equal if after is None else {**equal, "after": after}
    values = {"merchant": merchant_id, "at_most": limit, **narrowed}
    rows = await tx.fetch(_PAGE.narrowed(narrowed.keys() - {"metadata_value"}), values)
    return [from_row(row) for row in rows]


def from_row(row: Row) -> StoredRefund:
    values = row._asdict()
    merchant_metadata = json_text.load(values.pop("metadata"))
    values["status"] = RefundStatus(values["status"])
    return StoredRefund(refund=Refund(**values), metadata=merchant_metadata)
