"""The question to the buyer for an account, and whose turn the claim is while the buyer has not named one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.engine import Progress
from app.engine.model.refund import Refund
from app.engine.model.refund_ends import CAN_BE_VOIDED
from app.engine.model.turn import with_turn
from app.engine.model.vocabulary import RefundTo
from app.store import refund_accounts
from app.store.database import Tx

ACCOUNT_REQUESTED = "claim.refund_account_requested"


async def ask_for_account(
    tx: Tx, merchant_id: str, progress: Progress, owed: Sequence[Refund]
) -> tuple[Progress, list[tuple[str, dict[str, Any]]]]:
    """The progress with the turn, and the question to the buyer as an event. Without new refunds into an account that
    the buyer has not named, the same progress and no question."""
    into_account = [refund for refund in owed if refund.refund_to is RefundTo.ACCOUNT]
    if not into_account:
        return progress, []
    account = await refund_accounts.load(tx, merchant_id, progress.claim.claim_id)
    if account is None or account.erased_at is not None:
        return _waiting(progress, len(into_account)), [(ACCOUNT_REQUESTED, account_question(into_account))]
    return (_waiting(progress, len(into_account)) if account.waits_for_buyer else progress), []


def account_question(refunds: Sequence[Refund]) -> dict[str, Any]:
    """The data of an event about an account: what is left to pay into it. Nothing before a refund is owed."""
    currency = refunds[0].currency if refunds else None
    return {"amount": sum(refund.left for refund in refunds) or None, "currency": currency, "account": None}


def count_waiting(refunds: Iterable[Refund]) -> int:
    """How many of these refunds, which need an account, wait for the buyer after a question."""
    return sum(refund.status in CAN_BE_VOIDED for refund in refunds)


def _waiting(progress: Progress, new: int) -> Progress:
    """The progress with that many new refunds that wait for the buyer."""
    facts = replace(progress.facts, refunds_waiting=progress.facts.refunds_waiting + new)
    claim = with_turn(
        progress.claim,
        facts.now,
        outstanding=facts.refunds_outstanding,
        in_progress=facts.refunds_in_progress,
        waiting=facts.refunds_waiting,
    )
    decisions = (*progress.decisions[:-1], replace(progress.decisions[-1], claim=claim))
    return replace(progress, claim=claim, decisions=decisions, facts=facts)
