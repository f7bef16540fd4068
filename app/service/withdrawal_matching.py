"""The worker looks for the order of each new withdrawal: the number and the e-mail address must both fit.

One withdrawal is one transaction under its lock and the order's lock. The row says that it was looked at, so no
withdrawal is matched twice, with any number of workers.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.records.withdrawal import Declaration, Withdrawal
from app.service.transactions import is_temporary
from app.service.withdrawals import leave_to_seller, settle
from app.store import buyers, orders, withdrawals
from app.store.database import Database, Tx
from app.telemetry import WITHDRAWALS_MATCHED

logger = logging.getLogger(__name__)

_RETRY_AFTER = timedelta(minutes=15)
_RETRY_SOON_AFTER = timedelta(minutes=1)
"""The same after an error that may pass, such as a lock that was held for too long."""


async def match_due(database: Database, now: datetime, *, limit: int = 100) -> int:
    """Look for the orders of the withdrawals that are due, the oldest first. Returns the number of those handled.

    A withdrawal that another worker has locked is skipped. One that fails is logged and postponed, so that it does not
    hold up the others. Raises the errors of `Database` if the database cannot be reached.
    """
    async with database.read() as tx:
        keys = await withdrawals.due(tx, now, limit=limit)
    return sum([await _match_safely(database, *key, now) for key in keys])


async def _match_safely(database: Database, merchant_id: str, withdrawal_id: str, now: datetime) -> bool:
    try:
        return await database.write(lambda tx: match_one(tx, merchant_id, withdrawal_id, now))
    except Exception as error:
        if isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        may_pass = isinstance(error, DBAPIError) and is_temporary(error)
        logger.exception("withdrawal %s could not be matched", withdrawal_id)
        until = now + (_RETRY_SOON_AFTER if may_pass else _RETRY_AFTER)
        await database.write(lambda tx: withdrawals.postpone(tx, merchant_id, withdrawal_id, until))
        return False


async def match_one(tx: Tx, merchant_id: str, withdrawal_id: str, now: datetime) -> bool:
    """Look for the order of one withdrawal. False if somebody else does, or has done so."""
    if not await withdrawals.take(tx, merchant_id, withdrawal_id, now):
        return False
    withdrawal = await withdrawals.load(tx, merchant_id, withdrawal_id)
    if withdrawal is None:
        raise LookupError(f"withdrawal {withdrawal_id} was there in this transaction")
    order_id = await _order_of(tx, withdrawal)
    if order_id is None:
        await leave_to_seller(tx, withdrawal, now)
    else:
        await settle(tx, withdrawal, order_id, withdrawal.declaration.lines, None, now)
    WITHDRAWALS_MATCHED.labels("unmatched" if order_id is None else "matched").inc()
    return True


async def _order_of(tx: Tx, withdrawal: Withdrawal) -> str | None:
    """The only order whose number and buyer's address fit. None if there is none or several, and if only a person can
    read which goods are meant."""
    declaration = withdrawal.declaration
    fitting = [order_id for order_id in _ids_of(declaration.order_number) if await _fits(tx, declaration, order_id)]
    return fitting[0] if len(fitting) == 1 else None


async def _fits(tx: Tx, declaration: Declaration, order_id: str) -> bool:
    buyer = await buyers.load(tx, declaration.merchant_id, order_id)
    if buyer is None or buyer.email is None or buyer.email.casefold() != declaration.email.casefold():
        return False
    if declaration.goods is None or declaration.lines:
        return True
    stored = await orders.load(tx, declaration.merchant_id, order_id)
    return stored is not None and sum(line.quantity for line in stored.order.lines) == 1


def _ids_of(order_number: str) -> list[str]:
    """Ways in which a buyer may have written the id of an order: as it is, without a number sign, in capitals."""
    plain = order_number.strip()
    bare = plain.lstrip("#＃№").strip()
    return list(dict.fromkeys(each for each in (plain, bare, plain.upper(), bare.upper()) if each))
