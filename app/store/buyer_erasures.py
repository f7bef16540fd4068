"""Erasures of buyers' data: one for each order, and when the next group of the data can be erased."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, insert, literal, select, tuple_, update

from app.records.privacy import BuyerErasure
from app.store.database import Tx
from app.store.merchant_clocks import is_live
from app.store.statements import Row, Statement
from app.store.tables import buyer_erasures, legal_holds, merchants, orders

_c = buyer_erasures.c
_FIELDS = tuple(field.name for field in fields(BuyerErasure))
_CHANGING = ("wakes_at", "unneeded_erased_at", "dispute_erased_at", "contract_erased_at")
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.order_id == bindparam("order"))
_LOAD = Statement(select(*(_c[name] for name in _FIELDS)).where(_KEY))
_INSERT = Statement(insert(buyer_erasures))
_UPDATE = Statement(update(buyer_erasures).where(_KEY).values({name: bindparam(f"new_{name}") for name in _CHANGING}))
_WAKE = Statement(update(buyer_erasures).where(_KEY, _c.wakes_at > bindparam("now")).values(wakes_at=bindparam("now")))
_IS_HELD = exists(
    select(literal(1)).where(legal_holds.c.merchant_id == _c.merchant_id, legal_holds.c.order_id == _c.order_id)
)
_DUE = Statement(
    select(_c.merchant_id, _c.order_id)
    .where(_c.wakes_at <= bindparam("now"), is_live(buyer_erasures), ~_IS_HELD)
    .order_by(_c.wakes_at)
    .limit(bindparam("at_most"))
)
_MERCHANTS = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.merchant_id > bindparam("after"), is_live(merchants))
    .order_by(merchants.c.merchant_id)
    .limit(1)
)
_OLD = Statement(
    select(
        orders.c.order_id,
        orders.c.created_at,
        _c.wakes_at.is_not(None).label("is_waiting"),
        and_(_c.wakes_at.is_(None), _c.contract_erased_at >= orders.c.updated_at).label("is_erased"),
    )
    .select_from(
        orders.outerjoin(buyer_erasures, and_(_c.merchant_id == orders.c.merchant_id, _c.order_id == orders.c.order_id))
    )
    .where(
        orders.c.merchant_id == bindparam("merchant"),
        orders.c.created_at < bindparam("before"),
        tuple_(orders.c.created_at, orders.c.order_id)
        > tuple_(bindparam("after_at", type_=orders.c.created_at.type), bindparam("after_id")),
    )
    .order_by(orders.c.created_at, orders.c.order_id)
    .limit(bindparam("at_most"))
)


async def load(tx: Tx, merchant_id: str, order_id: str) -> BuyerErasure | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id})
    return None if row is None else BuyerErasure(**row._asdict())


async def add(tx: Tx, merchant_id: str, erasure: BuyerErasure) -> None:
    """The caller has locked the order."""
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **{name: getattr(erasure, name) for name in _FIELDS}})


async def save(tx: Tx, merchant_id: str, erasure: BuyerErasure) -> None:
    """The caller has locked the order."""
    changes = {f"new_{name}": getattr(erasure, name) for name in _CHANGING}
    await tx.fetch(_UPDATE, {"merchant": merchant_id, "order": erasure.order_id, **changes})


async def wake(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> None:
    """Look again now at an order that has new data. The caller has locked the order."""
    await tx.fetch(_WAKE, {"merchant": merchant_id, "order": order_id, "now": now})


async def due(tx: Tx, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """The merchants and orders of live erasures that are due and not on hold, the longest due first."""
    return [(row.merchant_id, row.order_id) for row in await tx.fetch(_DUE, {"now": now, "at_most": limit})]


async def next_merchant(tx: Tx, after: str) -> str | None:
    """The live merchant with the next id."""
    row = await tx.first(_MERCHANTS, {"after": after})
    return None if row is None else str(row.merchant_id)


async def old_orders(
    tx: Tx, merchant_id: str, before: datetime, after: tuple[datetime, str], *, limit: int
) -> list[Row]:
    """Orders from before an instant, the oldest first, each with `is_waiting` for an erasure that wakes by itself, and
    `is_erased` if all was erased and the order has not changed since."""
    place = {"after_at": after[0], "after_id": after[1]}
    return await tx.fetch(_OLD, {"merchant": merchant_id, "before": before, **place, "at_most": limit})
