"""How merchants have matched the columns of files, and the orders of the lines that a sheet of parcels names."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select

from app import json_text
from app.records.order_import import Matching, OrderImport
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import import_matchings, order_lines

_FORGOTTEN_AT_ONCE = 20
_c = import_matchings.c
_KEY = and_(
    _c.merchant_id == bindparam("merchant"), _c.fingerprint == bindparam("print"), _c.kind == bindparam("of_kind")
)
_LOAD = Statement(select(_c.columns, _c.currency, _c.time_zone, _c.policy).where(_KEY))
_DELETE = Statement(delete(import_matchings).where(_KEY))
_INSERT = Statement(insert(import_matchings))
_UNUSED = Statement(
    select(_c.merchant_id, _c.fingerprint, _c.kind)
    .where(_c.used_at < bindparam("before"))
    .order_by(_c.used_at)
    .limit(_FORGOTTEN_AT_ONCE)
)
_ORDERS_OF_LINE = Statement(
    select(order_lines.c.order_id)
    .where(order_lines.c.merchant_id == bindparam("merchant"), order_lines.c.line_id == bindparam("line"))
    .limit(2)
)


async def load(tx: Tx, merchant_id: str, fingerprint: str, kind: str) -> Matching | None:
    """How the merchant has matched the columns of such a file before."""
    row = await tx.first(_LOAD, _key(merchant_id, fingerprint, kind))
    if row is None:
        return None
    return Matching(
        columns=json_text.load(row.columns), currency=row.currency, time_zone=row.time_zone, policy=row.policy
    )


async def remember(tx: Tx, made: OrderImport, now: datetime) -> None:
    """Keep the matching of an import for the next file with the same columns."""
    await tx.fetch(_DELETE, _key(made.merchant_id, made.fingerprint, made.kind))
    values = {
        "merchant_id": made.merchant_id,
        "fingerprint": made.fingerprint,
        "kind": made.kind,
        "columns": json_text.dump(made.matching),
        "currency": made.currency,
        "time_zone": made.time_zone,
        "policy": made.policy,
        "used_at": now,
    }
    await tx.fetch(_INSERT, values)


async def forget(tx: Tx, before: datetime) -> int:
    """Delete some matchings that nobody has used since an instant. Returns how many."""
    unused = await tx.fetch(_UNUSED, {"before": before})
    for row in unused:
        await tx.fetch(_DELETE, _key(row.merchant_id, row.fingerprint, row.kind))
    return len(unused)


async def orders_of_line(tx: Tx, merchant_id: str, line_id: str) -> list[str]:
    """The orders that have a line with this id, at most two of them."""
    found = await tx.fetch(_ORDERS_OF_LINE, {"merchant": merchant_id, "line": line_id})
    return [str(row.order_id) for row in found]


def _key(merchant_id: str, fingerprint: str, kind: str) -> dict[str, Any]:
    return {"merchant": merchant_id, "print": fingerprint, "of_kind": kind}
