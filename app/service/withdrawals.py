"""Withdrawals from contracts: recorded at once, whatever they are about, and matched with an order later.

The record and its answer never depend on an order. The worker looks for the order after the commit, so that neither
the answer nor its time tells anybody whether an order exists.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app import json_text
from app.messages.translations import FALLBACK, MESSAGE_LANGUAGES
from app.records.event import StandaloneEvent
from app.records.withdrawal import Channel, Declaration, Withdrawal, WithdrawalLine, WithdrawalStatus
from app.service import policies
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.ids import new_id
from app.service.orders import refuse_future
from app.service.resources.withdrawal import withdrawal_body
from app.service.withdrawal_claims import leaves_units, open_claims
from app.store import notices, orders, shops, withdrawals
from app.store import policies as stored_policies
from app.store.database import Tx
from app.telemetry import EVENTS

RECEIVED, UNMATCHED, MATCHED = "withdrawal.received", "withdrawal.unmatched", "withdrawal.matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeclaration:
    """What a buyer declares. `language` is one of MESSAGE_LANGUAGES, None for the shop's. Without `declared_at` it is
    declared now."""

    order_number: str
    name: str
    email: str
    language: str | None
    channel: Channel
    lines: tuple[WithdrawalLine, ...] = ()
    goods: str | None = None
    text: str | None = None
    declared_at: datetime | None = None


async def receive(tx: Tx, merchant_id: str, new: NewDeclaration, now: datetime) -> Withdrawal:
    """Record a declaration with its instant, and publish it. The buyer is told at once. No order is looked up. Raises
    InvalidError for an instant in the future."""
    refuse_future(now, declared_at=new.declared_at)
    declaration = Declaration(
        merchant_id=merchant_id,
        withdrawal_id=new_id(now),
        order_number=new.order_number,
        name=new.name,
        email=new.email,
        lines=new.lines,
        goods=new.goods,
        text=new.text,
        language=new.language or await _language_of_shop(tx, merchant_id, now),
        channel=new.channel,
        declared_at=new.declared_at or now,
        received_at=now,
        salt=secrets.token_hex(16),
    )
    withdrawal = Withdrawal(declaration=declaration, hash=declaration.hash)
    await withdrawals.add(tx, withdrawal)
    await _publish(tx, withdrawal, RECEIVED, now)
    return withdrawal


async def read(tx: Tx, caller: Caller, withdrawal_id: str) -> Withdrawal:
    """Raises NotFoundError."""
    withdrawal = await withdrawals.load(tx, caller.merchant_id, withdrawal_id)
    if withdrawal is None:
        raise NotFoundError("withdrawal", withdrawal_id)
    return withdrawal


async def page(
    tx: Tx, caller: Caller, *, limit: int, matched: bool | None, order_id: str | None, after: str | None
) -> list[Withdrawal]:
    """The newest withdrawal comes first. `matched` false: those that wait for an order."""
    return await withdrawals.page(tx, caller.merchant_id, limit=limit, matched=matched, order_id=order_id, after=after)


async def match(
    tx: Tx,
    caller: Caller,
    withdrawal_id: str,
    order_id: str,
    lines: tuple[WithdrawalLine, ...],
    decided_by: str,
    now: datetime,
) -> Withdrawal:
    """Match a withdrawal that waits with an order of the seller's choice. `lines` replace the buyer's words about
    goods. Raises NotFoundError, and ConflictError for a withdrawal that waits no more."""
    withdrawal = await _waiting(tx, caller, withdrawal_id)
    return await settle(tx, withdrawal, order_id, lines or withdrawal.declaration.lines, decided_by, now)


async def close(
    tx: Tx, caller: Caller, withdrawal_id: str, reason: str, decided_by: str, now: datetime
) -> Withdrawal:  # fmt: skip
    """Close a withdrawal that no order fits. Raises NotFoundError, and ConflictError if it waits no more."""
    closed = replace(
        await _waiting(tx, caller, withdrawal_id),
        status=WithdrawalStatus.CLOSED,
        closing_reason=reason,
        decided_at=now,
        decided_by=decided_by,
    )
    await withdrawals.decide(tx, closed)
    return closed


async def settle(
    tx: Tx,
    withdrawal: Withdrawal,
    order_id: str,
    lines: tuple[WithdrawalLine, ...],
    decided_by: str | None,
    now: datetime,
) -> Withdrawal:
    """Match a withdrawal that the caller has locked, and open its claims. Without `lines` it is about the whole order.
    A repeated declaration opens none. Raises NotFoundError."""
    merchant_id = withdrawal.declaration.merchant_id
    if not await orders.touch(tx, merchant_id, order_id, now):
        raise NotFoundError("order", order_id)
    repeats = await _repeated(tx, withdrawal, order_id, lines)
    opened = None if repeats else await open_claims(tx, withdrawal, order_id, lines, now)
    matched = replace(
        withdrawal,
        status=WithdrawalStatus.MATCHED,
        order_id=order_id,
        claim_ids=tuple(opened.claims.values()) if opened else (),
        refusals=opened.refusals if opened else (),
        repeats=repeats,
        decided_at=now,
        decided_by=decided_by,
    )
    await withdrawals.decide(tx, matched)
    if opened:
        await withdrawals.link(tx, merchant_id, withdrawal.withdrawal_id, opened.claims)
    await _publish(tx, matched, MATCHED, now)
    return matched


async def leave_to_seller(tx: Tx, withdrawal: Withdrawal, now: datetime) -> None:
    """No order fits a withdrawal that the caller has locked."""
    unmatched = replace(withdrawal, status=WithdrawalStatus.UNMATCHED)
    await withdrawals.decide(tx, unmatched)
    await _publish(tx, unmatched, UNMATCHED, now)


async def _waiting(tx: Tx, caller: Caller, withdrawal_id: str) -> Withdrawal:
    await withdrawals.lock(tx, caller.merchant_id, withdrawal_id)
    withdrawal = await read(tx, caller, withdrawal_id)
    if withdrawal.status is WithdrawalStatus.MATCHED:
        raise ConflictError("withdrawal_matched", id=withdrawal_id)
    if withdrawal.status is WithdrawalStatus.CLOSED:
        raise ConflictError("withdrawal_closed", id=withdrawal_id)
    return withdrawal


async def _repeated(tx: Tx, withdrawal: Withdrawal, order_id: str, lines: tuple[WithdrawalLine, ...]) -> str | None:
    """The first withdrawal from this order that declares the same, still has effect, and leaves no unit out.
    The lock of the order keeps two of them from being matched at once."""
    merchant_id, declaration = withdrawal.declaration.merchant_id, withdrawal.declaration
    for earlier in await withdrawals.of_order(tx, merchant_id, order_id):
        is_same = declaration.is_repeat_of(earlier.declaration) and await withdrawals.has_effect(tx, earlier)
        if is_same and not await leaves_units(tx, earlier, order_id, lines):
            return earlier.withdrawal_id
    return None


async def _language_of_shop(tx: Tx, merchant_id: str, now: datetime) -> str:
    shop = await shops.load(tx, merchant_id)
    default = await stored_policies.default(tx, merchant_id)
    policy = await policies.in_force_of(tx, merchant_id, default, now, now)
    return next((each for each in (shop.language, policy.language) if each in MESSAGE_LANGUAGES), FALLBACK)


async def _publish(tx: Tx, withdrawal: Withdrawal, name: str, now: datetime) -> None:
    body = withdrawal_body(withdrawal)
    data: dict[str, Any] = {"withdrawal_id": withdrawal.withdrawal_id, "withdrawal": body}
    event = StandaloneEvent(
        merchant_id=withdrawal.declaration.merchant_id,
        event_id=new_id(now),
        subject="withdrawal",
        subject_id=withdrawal.withdrawal_id,
        type=name,
        at=now,
        data=json_text.dump(data),
    )
    await notices.add(tx, event)
    EVENTS.labels(name).inc()
