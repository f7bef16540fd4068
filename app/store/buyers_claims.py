"""The claims of the same buyers, for reports."""

from collections.abc import Collection

from sqlalchemy import and_, bindparam, select

from app import json_text
from app.records.report import BuyersClaim
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claims, orders
from app.store.types import JsonTexts

_ITS_ORDER = and_(orders.c.merchant_id == claims.c.merchant_id, orders.c.order_id == claims.c.order_id)
_its = claims.alias("its")
_its_order = orders.alias("its_order")
_OF_SAME_BUYERS = Statement(
    select(claims.c.claim_id, orders.c.buyer_id, claims.c.requested_at)
    .select_from(claims.join(orders, _ITS_ORDER))
    .where(
        orders.c.merchant_id == bindparam("merchant"),
        orders.c.buyer_id.in_(
            select(_its_order.c.buyer_id)
            .select_from(
                _its.join(
                    _its_order,
                    and_(_its_order.c.merchant_id == _its.c.merchant_id, _its_order.c.order_id == _its.c.order_id),
                )
            )
            .where(
                _its.c.merchant_id == bindparam("merchant"),
                _its.c.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
            )
        ),
    )
)


async def of_same_buyers(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> list[BuyersClaim]:
    """Every claim of the buyers of some claims."""
    rows = await tx.fetch(_OF_SAME_BUYERS, {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))})
    return [BuyersClaim(**row._asdict()) for row in rows]
