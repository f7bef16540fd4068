"""Legal holds: at most one for each order."""

from dataclasses import fields

from sqlalchemy import and_, bindparam, delete, insert, select, update

from app.records.privacy import LegalHold
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import legal_holds

_c = legal_holds.c
_FIELDS = tuple(field.name for field in fields(LegalHold))
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.order_id == bindparam("order"))
_LOAD = Statement(select(*(_c[name] for name in _FIELDS)).where(_KEY))
_INSERT = Statement(insert(legal_holds))
_UPDATE = Statement(update(legal_holds).where(_KEY).values(reason=bindparam("new_reason")))
_DELETE = Statement(delete(legal_holds).where(_KEY))


async def load(tx: Tx, merchant_id: str, order_id: str) -> LegalHold | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id})
    return None if row is None else LegalHold(**row._asdict())


async def add(tx: Tx, merchant_id: str, hold: LegalHold) -> None:
    """The caller has locked the order, and has seen that it has no hold."""
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **{name: getattr(hold, name) for name in _FIELDS}})


async def set_reason(tx: Tx, merchant_id: str, order_id: str, reason: str) -> None:
    await tx.fetch(_UPDATE, {"merchant": merchant_id, "order": order_id, "new_reason": reason})


async def remove(tx: Tx, merchant_id: str, order_id: str) -> None:
    await tx.fetch(_DELETE, {"merchant": merchant_id, "order": order_id})
