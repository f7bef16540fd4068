"""Reversals of payments. The primary key has the provider's id, so that no reversal counts twice."""

from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from app.records.reversal import Reversal, ReversalKind
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import reversals

_COLUMNS = [reversals.c[name] for name in Reversal.__slots__]
_OF_PAYMENT = and_(
    reversals.c.merchant_id == bindparam("merchant"),
    reversals.c.order_id == bindparam("order"),
    reversals.c.payment_id == bindparam("payment"),
)
_THIS = and_(_OF_PAYMENT, reversals.c.reversal_id == bindparam("reversal"))
_INSERT = Statement(insert(reversals))
_LOAD = Statement(select(*_COLUMNS).where(_THIS))
_LIST = Statement(select(*_COLUMNS).where(_OF_PAYMENT).order_by(reversals.c.reversed_at, reversals.c.reversal_id))
_WIN = Statement(update(reversals).where(_THIS, reversals.c.won_at.is_(None)).values(won_at=bindparam("new_won_at")))


async def add(tx: Tx, merchant_id: str, reversal: Reversal) -> None:
    """Raises IntegrityError for an id that the payment has already."""
    values = {name: getattr(reversal, name) for name in Reversal.__slots__}
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values})


async def load(tx: Tx, merchant_id: str, order_id: str, payment_id: str, reversal_id: str) -> Reversal | None:
    key = {"merchant": merchant_id, "order": order_id, "payment": payment_id, "reversal": reversal_id}
    row = await tx.first(_LOAD, key)
    return None if row is None else _reversal(row)


async def of_payment(tx: Tx, merchant_id: str, order_id: str, payment_id: str) -> list[Reversal]:
    """The oldest comes first."""
    rows = await tx.fetch(_LIST, {"merchant": merchant_id, "order": order_id, "payment": payment_id})
    return [_reversal(row) for row in rows]


async def win(tx: Tx, merchant_id: str, reversal: Reversal, won_at: datetime) -> None:
    key = {"merchant": merchant_id, "order": reversal.order_id, "payment": reversal.payment_id}
    await tx.fetch(_WIN, {**key, "reversal": reversal.reversal_id, "new_won_at": won_at})


def _reversal(row: Row) -> Reversal:
    return Reversal(**{**row._asdict(), "kind": ReversalKind(row.kind)})
