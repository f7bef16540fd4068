"""What the agents of a key have decided on the last day on which they decided, in one currency."""

from datetime import date

from sqlalchemy import and_, bindparam, case, insert, select, update

from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import agent_amounts

_c = agent_amounts.c
_OF_KEY = and_(
    _c.merchant_id == bindparam("merchant"), _c.key_id == bindparam("key"), _c.currency == bindparam("of_currency")
)
_IS_SAME_DAY = _c.decided_on >= bindparam("today", type_=_c.decided_on.type)
"""A decision on an order of another time zone may be of the day before, and counts with the later day."""
_LOAD = Statement(select(_c.amount).where(_OF_KEY, _IS_SAME_DAY))
_ADD = Statement(
    update(agent_amounts)
    .where(_OF_KEY)
    .values(
        amount=case((_IS_SAME_DAY, _c.amount), else_=0) + bindparam("more"),
        decided_on=case((_IS_SAME_DAY, _c.decided_on), else_=bindparam("today", type_=_c.decided_on.type)),
        most=bindparam("at_most"),
    )
    .returning(_c.amount)
)
_BEGIN = Statement(insert(agent_amounts))


async def load(tx: Tx, merchant_id: str, key_id: str, currency: str, today: date) -> int:
    """What was decided today, in minor units."""
    of_key = {"merchant": merchant_id, "key": key_id, "of_currency": currency, "today": today}
    row = await tx.first(_LOAD, of_key)
    return 0 if row is None else int(row.amount)


async def add(
    tx: Tx, merchant_id: str, key_id: str, currency: str, today: date, *, more: int, most: int
) -> None:  # fmt: skip
    """Raises IntegrityError above `most`, and when another transaction adds the first row at the same moment."""
    of_key = {"merchant": merchant_id, "key": key_id, "of_currency": currency, "today": today}
    if await tx.first(_ADD, {**of_key, "more": more, "at_most": most}) is not None:
        return
    first = {"merchant_id": merchant_id, "key_id": key_id, "currency": currency, "decided_on": today}
    await tx.fetch(_BEGIN, {**first, "amount": more, "most": most})
