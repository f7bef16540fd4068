"""Receipts of withdrawals: made once, and kept byte for byte."""

from collections.abc import AsyncIterator

from sqlalchemy import and_, bindparam, exists, insert, literal, select, tuple_

from app.records.withdrawal_receipt import WithdrawalReceipt
from app.store.database import Tx
from app.store.erased_merchants import erased_merchants
from app.store.statements import Row, Statement
from app.store.tables import notices, withdrawal_receipts

RECEIPT_MADE = "withdrawal.receipt_made"
_c = withdrawal_receipts.c
_FIELDS = tuple(WithdrawalReceipt.__slots__)
_READ = tuple(_c[name] for name in _FIELDS)
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.withdrawal_id == bindparam("withdrawal"))
_INSERT = Statement(insert(withdrawal_receipts))
_LOAD = Statement(select(*_READ).where(_KEY))
_ITS_EVENT = and_(
    notices.c.merchant_id == _c.merchant_id,
    notices.c.subject == literal("withdrawal"),
    notices.c.subject_id == _c.withdrawal_id,
    notices.c.type == literal(RECEIPT_MADE),
)
_WITH_EVENT = (
    select(*_READ, notices.c.data.label("told"))
    .select_from(withdrawal_receipts.outerjoin(notices, _ITS_EVENT))
    .order_by(_c.merchant_id, _c.withdrawal_id)
)
_ONE_WITH_EVENT = Statement(_WITH_EVENT.where(_KEY))
_RECEIPTS_A_PAGE = 100
_EVERY = Statement(
    _WITH_EVENT.where(
        tuple_(_c.merchant_id, _c.withdrawal_id) > tuple_(bindparam("merchant"), bindparam("after"))
    ).limit(_RECEIPTS_A_PAGE)
)
_LOST = Statement(
    select(notices.c.merchant_id, notices.c.subject_id)
    .where(
        notices.c.subject == literal("withdrawal"),
        notices.c.type == literal(RECEIPT_MADE),
        ~exists(select(1).where(_ITS_EVENT)),
    )
    .order_by(notices.c.subject_id)
)


async def add(tx: Tx, receipt: WithdrawalReceipt) -> None:
    """The caller has locked the withdrawal, and has seen that it has no receipt."""
    await tx.fetch(_INSERT, {name: getattr(receipt, name) for name in _FIELDS})


async def load(tx: Tx, merchant_id: str, withdrawal_id: str) -> WithdrawalReceipt | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "withdrawal": withdrawal_id})
    return None if row is None else _receipt(row)


async def with_event(tx: Tx, merchant_id: str, withdrawal_id: str) -> tuple[WithdrawalReceipt, str | None] | None:
    """A receipt, and the data of the event that told it. None without a receipt."""
    row = await tx.first(_ONE_WITH_EVENT, {"merchant": merchant_id, "withdrawal": withdrawal_id})
    return None if row is None else (_receipt(row), row.told)


async def every(tx: Tx) -> AsyncIterator[tuple[WithdrawalReceipt, str | None]]:
    """The same for all merchants that are not erased, a page at a time."""
    values, erased = {"merchant": "", "after": ""}, await erased_merchants(tx)
    while rows := await tx.fetch(_EVERY, values):
        for row in rows:
            if row.merchant_id not in erased:
                yield _receipt(row), row.told
        values = {"merchant": rows[-1].merchant_id, "after": rows[-1].withdrawal_id}


async def lost(tx: Tx) -> list[str]:
    """The ids of the withdrawals whose receipt is gone, although an event told it."""
    erased = await erased_merchants(tx)
    return [row.subject_id for row in await tx.fetch(_LOST) if row.merchant_id not in erased]


def _receipt(row: Row) -> WithdrawalReceipt:
    return WithdrawalReceipt(**{name: getattr(row, name) for name in _FIELDS})
