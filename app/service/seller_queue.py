"""The seller's queue: what needs a person of the shop now, in the order of the deadlines.

Each claim comes with what somebody must know before an answer, and with the engine's suggestion. A read writes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.engine import Facts, Standing, SuggestedStep, Suggestion, standing_of, suggestion
from app.engine.model.assessment import Unclear
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.parties import Party
from app.engine.model.refund import Refund
from app.records.address_change import AddressChange
from app.records.claim import StoredClaim
from app.records.claim_work import ClaimWork
from app.records.option_change import OptionChange
from app.records.seller_queue import QueueFilter, QueuePlace, QueueSubject, QueueSummary
from app.records.withdrawal import Withdrawal
from app.service.callers import Caller
from app.service.decisions import facts_of
from app.service.shipping_states import Shipping, shipping_of
from app.store import (
    address_changes,
    buyers,
    claim_work,
    claims,
    option_changes,
    orders,
    refunds,
    seller_queue,
    withdrawals,
)
from app.store.database import Tx
from app.turns import in_turns

LATELY = timedelta(days=60)
"""How far back the claims of a buyer are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedClaim:
    """`order_state_known`: the storefront has reported where the goods are. `question_needed`: only the buyer's answer
    helps. `answered_at` is when the buyer answered the last question, if the shop has not asked since. `is_urgent` is a
    mark from the buyer's words or a gift. `to_pay` are the refunds that nobody has begun to pay, or that failed."""

    claim: Claim
    standing: Standing
    shipping: Shipping
    order_state_known: bool
    question_needed: bool
    is_urgent: bool
    answered_at: datetime | None
    to_pay: tuple[Refund, ...]
    work: ClaimWork
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One row: a claim, a change or a withdrawal. A withdrawal that waits has no `order`. `claims_lately` counts the
    buyer's claims of the last 60 days. It is None for an order without a buyer's id."""

    place: QueuePlace
    order: Order | None = None
    buyer_name: str | None = None
    claims_lately: int | None = None
    claim: QueuedClaim | None = None
    address_change: AddressChange | None = None
    option_change: OptionChange | None = None
    withdrawal: Withdrawal | None = None


@dataclass(slots=True, kw_only=True)
class _Beside:
    """What the rows of a page need, each read for all rows at once. Names are by order, counts by buyer, and the others
    by their ids."""

    claims: dict[str, StoredClaim] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    claims_lately: Mapping[str, int] = field(default_factory=dict)
    to_pay: Mapping[str, tuple[Refund, ...]] = field(default_factory=dict)
    work: Mapping[str, ClaimWork] = field(default_factory=dict)
    address_changes: Mapping[str, AddressChange] = field(default_factory=dict)
    option_changes: Mapping[str, OptionChange] = field(default_factory=dict)
    withdrawals: Mapping[str, Withdrawal] = field(default_factory=dict)


async def page(
    tx: Tx, caller: Caller, where: QueueFilter, *, limit: int, after: tuple[datetime, int, str] | None
) -> list[QueueEntry]:
    """The rows after a position."""
    subjects = _subjects(where)
    places = await seller_queue.places(tx, caller.merchant_id, subjects, where, limit=limit, after=after)
    return await _entries(tx, caller, places, where.now)


async def summary(tx: Tx, caller: Caller, now: datetime, due_before: datetime) -> QueueSummary:
    return await seller_queue.summary(tx, caller.merchant_id, now, due_before)


async def entry_of_claim(tx: Tx, caller: Caller, claim: Claim, now: datetime) -> QueueEntry:
    """A claim with what the queue shows of it, whether it waits or not."""
    place = QueuePlace(
        subject=QueueSubject.CLAIM, stands_at=now, lightness=0, subject_id=claim.claim_id, order_id=claim.order_id
    )
    return (await _entries(tx, caller, [place], now))[0]


def _subjects(where: QueueFilter) -> Sequence[QueueSubject]:
    """Only claims have turns of others, kinds, states and deadlines. A withdrawal without an order has no words of an
    order."""
    of_claims = (where.kind, where.state, where.overdue, where.answered, where.assignee, where.tag)
    if where.turn is not Party.SELLER or where.snoozed or any(value is not None for value in of_claims):
        found = [QueueSubject.CLAIM]
    else:
        found = [each for each in QueueSubject if each is not QueueSubject.WITHDRAWAL or where.q is None]
    return [each for each in found if where.subject in (None, each)]


async def _entries(tx: Tx, caller: Caller, places: Sequence[QueuePlace], now: datetime) -> list[QueueEntry]:
    beside = await _beside(tx, caller.merchant_id, places, now)
    entries: list[QueueEntry] = []
    async for place in in_turns(places):
        stored = beside.claims.get(place.subject_id)
        facts = await facts_of(tx, caller.merchant_id, stored, now) if stored else None
        entries.append(_entry(place, beside, _queued(stored, facts, beside) if stored and facts else None))
    return entries


async def _beside(tx: Tx, merchant_id: str, places: Sequence[QueuePlace], now: datetime) -> _Beside:
    """A statement for each kind of thing on the page, however many rows there are."""
    ids = {subject: [place.subject_id for place in places if place.subject is subject] for subject in QueueSubject}
    beside = _Beside()
    if claim_ids := ids[QueueSubject.CLAIM]:
        beside.claims = await claims.load_many(tx, merchant_id, claim_ids)
        beside.work = await claim_work.of_claims(tx, merchant_id, claim_ids)
        beside.to_pay = _by_claim(await refunds.to_pay(tx, merchant_id, claim_ids))
    beside.orders = {stored.claim.order_id: stored.order for stored in beside.claims.values()}
    if changed := {place.order_id for place in places if place.order_id and place.subject in _OF_ORDERS}:
        stored_orders = await orders.load_many(tx, merchant_id, changed)
        beside.orders |= {order_id: stored.order for order_id, stored in stored_orders.items()}
        beside.address_changes = await address_changes.load_many(tx, merchant_id, changed, ids[_ADDRESS])
        beside.option_changes = await option_changes.load_many(tx, merchant_id, changed, ids[_OPTION])
    if withdrawal_ids := ids[QueueSubject.WITHDRAWAL]:
        beside.withdrawals = await withdrawals.load_many(tx, merchant_id, withdrawal_ids)
    if beside.orders:
        beside.names = await buyers.names(tx, merchant_id, beside.orders)
    if buyer_ids := {order.buyer_id for order in beside.orders.values() if order.buyer_id}:
        beside.claims_lately = await claims.counts_of_buyers(tx, merchant_id, buyer_ids, since=now - LATELY)
    return beside


_ADDRESS, _OPTION = QueueSubject.ADDRESS_CHANGE, QueueSubject.OPTION_CHANGE
_OF_ORDERS = (_ADDRESS, _OPTION)


def _by_claim(owed: Iterable[Refund]) -> Mapping[str, tuple[Refund, ...]]:
    by_claim: dict[str, tuple[Refund, ...]] = {}
    for refund in owed:
        by_claim[refund.claim_id] = (*by_claim.get(refund.claim_id, ()), refund)
    return by_claim


def _entry(place: QueuePlace, beside: _Beside, claim: QueuedClaim | None) -> QueueEntry:
    order = beside.orders.get(place.order_id or "")
    return QueueEntry(
        place=place,
        order=order,
        buyer_name=beside.names.get(order.order_id) if order else None,
        claims_lately=beside.claims_lately.get(order.buyer_id, 0) if order and order.buyer_id else None,
        claim=claim,
        address_change=beside.address_changes.get(place.subject_id),
        option_change=beside.option_changes.get(place.subject_id),
        withdrawal=beside.withdrawals.get(place.subject_id),
    )


def _queued(stored: StoredClaim, facts: Facts, beside: _Beside) -> QueuedClaim:
    claim, standing = stored.claim, standing_of(stored.claim, facts)
    given = suggestion(claim, facts, standing.assessment, answered_at=stored.answered_at)
    unclear = {doubt.why for doubt in standing.assessment.doubts}
    return QueuedClaim(
        claim=claim,
        standing=standing,
        shipping=shipping_of(stored.order, {line.line_id for line in claim.lines}),
        order_state_known=Unclear.NOT_DELIVERED not in unclear,
        question_needed=given is not None and given.step is SuggestedStep.ASK,
        is_urgent=stored.order.gift or is_urgent(claim.submission.note or ""),
        answered_at=stored.answered_at,
        to_pay=beside.to_pay.get(claim.claim_id, ()),
        work=beside.work.get(claim.claim_id, ClaimWork()),
        suggestion=given,
    )


_URGENT = re.compile(
    r"빨리|급해|급하|급히|긴급|선물|至急|急ぎ|急い|お急|プレゼント|\b(?:urgent(?:ly)?|asap|as soon as possible|gift)\b",
    re.IGNORECASE,
)


def is_urgent(words: str) -> bool:
    """A mark for people from the words of the buyer. The mark moves nothing."""
    return _URGENT.search(words) is not None
