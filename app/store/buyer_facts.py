"""When the data of an order's buyer last grew. From these instants the times of keeping count, and data that is younger
than an erasure is erased again."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, literal, select, union_all

from app.records.privacy import LatestFacts
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import buyers, claims, messages, option_changes, refunds, surveys, withdrawals

_DATED = {
    "buyer_at": (buyers, buyers.c.updated_at),
    "bounce_at": (buyers, buyers.c.bounced_at),
    "survey_at": (surveys, surveys.c.answered_at),
    "claim_at": (claims, claims.c.updated_at),
    "option_change_at": (option_changes, option_changes.c.requested_at),
    "withdrawal_at": (withdrawals, withdrawals.c.received_at),
    "refund_at": (refunds, func.coalesce(refunds.c.updated_at, refunds.c.created_at)),
    "message_at": (messages, messages.c.created_at),
}
_LATEST = Statement(
    union_all(
        *(
            select(literal(name).label("fact"), func.max(instant).label("last_at")).where(
                and_(table.c.merchant_id == bindparam("merchant"), table.c.order_id == bindparam("order"))
            )
            for name, (table, instant) in _DATED.items()
        )
    )
)


async def latest(tx: Tx, merchant_id: str, order_id: str) -> LatestFacts:
    rows = await tx.fetch(_LATEST, {"merchant": merchant_id, "order": order_id})
    found: dict[str, datetime | None] = {row.fact: row.last_at for row in rows}
    return LatestFacts(**found)
