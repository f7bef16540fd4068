"""The use cases of accounts for refunds: ask the buyer, take the account, and show it to the payer."""

import logging
from dataclasses import asdict, replace
from datetime import datetime

from app import json_text
from app.encryption import Encryption
from app.engine.model.refund import ENDED, Refund
from app.engine.model.vocabulary import RefundTo
from app.records.claim import StoredClaim
from app.records.refund_account import Account, RefundAccount, masked
from app.service.account_questions import ACCOUNT_REQUESTED, account_question, count_waiting
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.persistence import record_aside
from app.service.resources.refund_account import refund_account_body
from app.store import claims, refund_accounts, refunds
from app.store.database import Tx

logger = logging.getLogger(__name__)


async def put(
    tx: Tx, caller: Caller, claim_id: str, account: Account, now: datetime, *, encryption: Encryption
) -> RefundAccount:
    """Take the account that the buyer names, encrypted. A new account replaces the stored one.

    Raises NotFoundError, ConflictError if no money of the claim needs an account, and EncryptionError without a key.
    """
    stored, owed = await _claim_that_needs_an_account(tx, caller, claim_id)
    before = await refund_accounts.load(tx, caller.merchant_id, claim_id) or RefundAccount(claim_id=claim_id)
    sealed = encryption.encrypt(json_text.dump({"claim_id": claim_id, **asdict(account)}))
    named = replace(
        before,
        bank=account.bank,
        masked_number=masked(account.number),
        encrypted=sealed,
        named_at=now,
        erased_at=None,
    )
    await refund_accounts.put(tx, caller.merchant_id, named)
    data = {**account_question(owed), "account": refund_account_body(named)}
    named_now = replace(stored, refunds_waiting=0)
    await record_aside(tx, caller.merchant_id, named_now, "claim.refund_account_set", data, now)
    return named


async def ask(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> RefundAccount:
    """Ask the buyer for an account. Raises NotFoundError, and ConflictError if no money needs an account."""
    stored, owed = await _claim_that_needs_an_account(tx, caller, claim_id)
    before = await refund_accounts.load(tx, caller.merchant_id, claim_id) or RefundAccount(claim_id=claim_id)
    asked = replace(before, asked_at=now)
    await refund_accounts.put(tx, caller.merchant_id, asked)
    asked_now = replace(stored, refunds_waiting=count_waiting(owed))
    await record_aside(tx, caller.merchant_id, asked_now, ACCOUNT_REQUESTED, account_question(owed), now)
    return asked


async def read(tx: Tx, caller: Caller, claim_id: str) -> RefundAccount:
    """Raises NotFoundError for a claim whose buyer was neither asked nor named an account."""
    account = await refund_accounts.load(tx, caller.merchant_id, claim_id)
    if account is None or not await _reaches(tx, caller, claim_id):
        raise NotFoundError("refund_account", claim_id)
    return account


async def reveal(tx: Tx, caller: Caller, refund_id: str, *, encryption: Encryption) -> Account:
    """The account in full, for the payer of a refund that has not ended. The log says who has read it.

    Raises NotFoundError, ConflictError if the refund goes back to its payment or has ended, and EncryptionError without
    the key that the account was encrypted with.
    """
    stored = await refunds.load(tx, caller.merchant_id, refund_id)
    if stored is None:
        raise NotFoundError("refund", refund_id)
    refund = stored.refund
    if not _needs_account(refund):
        raise ConflictError("refund_account_not_needed")
    account = await refund_accounts.load(tx, caller.merchant_id, refund.claim_id)
    if account is None or account.encrypted is None:
        raise NotFoundError("refund_account", refund.claim_id)
    opened = json_text.load(encryption.decrypt(account.encrypted))
    if opened.pop("claim_id") != refund.claim_id:
        raise LookupError(f"the account of claim {refund.claim_id} is another claim's")
    logger.info("the account for refund %s was read with key %s", refund_id, caller.key_id)
    return Account(**opened)


async def erase_if_unneeded(tx: Tx, merchant_id: str, refund: Refund, now: datetime) -> None:
    """Forget the account when the last refund that needs it has ended."""
    if not refund.takes_another_way:
        return
    owed = await refunds.of_claim(tx, merchant_id, refund.claim_id)
    if not any(_needs_account(each) for each in owed):
        await refund_accounts.erase(tx, merchant_id, refund.claim_id, now)


async def _claim_that_needs_an_account(tx: Tx, caller: Caller, claim_id: str) -> tuple[StoredClaim, tuple[Refund, ...]]:
    """The claim under the lock of its order, with its refunds. An account can be named before a refund is owed."""
    await claims.lock_order_of(tx, caller.merchant_id, claim_id)
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    owed = await refunds.of_claim(tx, caller.merchant_id, claim_id)
    if not (any(map(_needs_account, owed)) or (not owed and _may_need_account(stored))):
        raise ConflictError("refund_account_not_needed")
    return stored, tuple(filter(_needs_account, owed))


async def _reaches(tx: Tx, caller: Caller, claim_id: str) -> bool:
    """A key reaches every claim of its merchant, and a buyer those of one order."""
    if caller.order_id is None:
        return True
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    return stored is not None and caller.reaches(stored.claim.order_id)


def _needs_account(refund: Refund) -> bool:
    return refund.takes_another_way and refund.status not in ENDED


def _may_need_account(stored: StoredClaim) -> bool:
    payments = stored.order.payments
    return not stored.claim.is_final and any(each.refund_to is RefundTo.ACCOUNT and each.left for each in payments)
