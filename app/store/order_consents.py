"""What buyers have agreed to at the checkout. Rows are added, and never changed or deleted."""

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, insert, select

from app import json_text
from app.engine.model.vocabulary import Record
from app.records.order_consent import OrderConsent
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import order_consents

_COLUMNS = [order_consents.c[name] for name in OrderConsent.__slots__]
_OF_ORDER = and_(order_consents.c.merchant_id == bindparam("merchant"), order_consents.c.order_id == bindparam("order"))
_INSERT = Statement(insert(order_consents))
_LIST = Statement(select(*_COLUMNS).where(_OF_ORDER).order_by(order_consents.c.agreed_at, order_consents.c.digest))


async def add(tx: Tx, merchant_id: str, consents: Iterable[OrderConsent]) -> None:
    await tx.run_all(_INSERT, [{"merchant_id": merchant_id, **_values(consent)} for consent in consents])


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[OrderConsent]:
    """In the order in which the buyer agreed."""
    rows = await tx.fetch(_LIST, {"merchant": merchant_id, "order": order_id})
    return [_consent(row) for row in rows]


def _values(consent: OrderConsent) -> dict[str, object]:
    values = {name: getattr(consent, name) for name in OrderConsent.__slots__}
    return {**values, "records": json_text.dump(sorted(consent.records)), "line_ids": json_text.dump(consent.line_ids)}


def _consent(row: Row) -> OrderConsent:
    records = frozenset(Record(word) for word in json_text.load(row.records))
    return OrderConsent(**{**row._asdict(), "records": records, "line_ids": tuple(json_text.load(row.line_ids))})
