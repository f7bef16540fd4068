"""Accounts that buyers name for refunds, one for each claim. The database never has an account in clear."""

from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from app.records.refund_account import RefundAccount
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import refund_accounts

_c = refund_accounts.c
_FIELDS = ("claim_id", "bank", "masked_number", "encrypted", "asked_at", "named_at", "erased_at")
_CHANGING = tuple(name for name in _FIELDS if name != "claim_id")
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim"))
_LOAD = Statement(select(*(_c[name] for name in _FIELDS)).where(_KEY))
_INSERT = Statement(insert(refund_accounts))
_UPDATE = Statement(
    update(refund_accounts)
    .where(_KEY)
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
    .returning(_c.claim_id)
)
_ERASE = Statement(
    update(refund_accounts).where(_KEY, _c.encrypted.is_not(None)).values(encrypted=None, erased_at=bindparam("now"))
)


async def load(tx: Tx, merchant_id: str, claim_id: str) -> RefundAccount | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "claim": claim_id})
    return None if row is None else RefundAccount(**row._asdict())


async def put(tx: Tx, merchant_id: str, account: RefundAccount) -> None:
    """Replace the account of a claim. The caller has locked the claim's order."""
    changes = {f"new_{name}": getattr(account, name) for name in _CHANGING}
    if not await tx.fetch(_UPDATE, {"merchant": merchant_id, "claim": account.claim_id, **changes}):
        values = {name: getattr(account, name) for name in _FIELDS}
        await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values})


async def erase(tx: Tx, merchant_id: str, claim_id: str, now: datetime) -> None:
    """Forget the account, and keep its masked number for the record."""
    await tx.fetch(_ERASE, {"merchant": merchant_id, "claim": claim_id, "now": now})
