"""What one claim or one order adds to the reports, from its stored state alone: the definition of each figure.

A claim counts on the local day on which it was requested, an order on the local day on which it was paid. So a figure
of a period is about the claims that were requested in it, however they have gone on since.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim, Offer
from app.engine.model.money import portion
from app.engine.model.order import Order
from app.engine.model.refund import ENDED, Refund
from app.engine.model.vocabulary import Alternative, OfferStatus, State
from app.records.report import Added, Cell, Cost, Entry, Measure, Step

DECISIONS = frozenset({"claim.approved", "claim.rejected", "claim.partly_rejected"})
ANSWERS = DECISIONS | {"claim.offer_made", "claim.held"}
"""The events that answer a request: a decision, an offer, or that the claim waits and why. A question is a hold."""
OVERDUE = "claim.response_overdue"
EVENTS = ANSWERS | {OVERDUE}
"""The events whose first instants a claim is counted by."""
MOST_EARLIER = 9
STEPS_OF_POLICIES = frozenset({Step.FIRST_ANSWER, Step.DECISION, Step.MONEY})
"""The steps that the versions of a policy are compared by."""
_CREDIT = frozenset({Alternative.STORE_CREDIT, Alternative.DISCOUNT_COUPON, Alternative.EXTRA_COMPENSATION})
_SHIPPING = (StepCode.SHIPPING, StepCode.STANDARD_SHIPPING, StepCode.OUTBOUND_RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """A claim with everything that it is counted by. `first` has the first instant of each event, and `earlier` is how
    many claims the buyer had requested in the 60 days before."""

    claim: Claim
    order: Order
    refunds: Collection[Refund]
    first: Mapping[str, datetime]
    earlier: int


def entry_of_claim(facts: ClaimFacts, zone: ZoneInfo) -> Entry:
    claim = facts.claim
    on = claim.submission.requested_at.astimezone(zone).date()
    entry: dict[Cell, Added] = {}
    for bare, added in _cells(facts):
        cell = bare._replace(on=on, kind="" if bare.measure in _OF_EVERY_KIND else claim.kind.value)
        known = entry.get(cell, _NOTHING)
        entry[cell] = Added(known.number + added.number, known.amount + added.amount)
    return entry


_NOTHING = Added(0, 0)
_OF_EVERY_KIND = frozenset({Measure.TIMES, Measure.TIMES_OF_POLICIES})


def entry_of_order(order: Order, zone: ZoneInfo) -> Entry:
    """Nothing until the order is paid. Units of another option count as the option, and replacements are not sold."""
    if order.paid_at is None:
        return {}
    on = order.paid_at.astimezone(zone).date()
    sold: Counter[str] = Counter()
    for line in order.lines:
        if not line.sent_in_exchange:
            sold[line.sku or ""] += line.quantity - line.units.changed
    entry = {Cell(Measure.SOLD, on, sku=sku): Added(1, units) for sku, units in sold.items() if units}
    return {**entry, Cell(Measure.ORDERS, on): Added(1, sold.total())}


def rounded_minutes(since: datetime, until: datetime) -> int:
    """Whole minutes, rounded down: to tens from 1,000, to hundreds from 10,000, and to thousands from 100,000. The
    order of two times is kept, so a median of rounded times is the rounded median."""
    minutes = max(0, int((until - since).total_seconds()) // 60)
    step = next(size for limit, size in _STEPS if limit is None or minutes < limit)
    return minutes - minutes % step


_STEPS: tuple[tuple[int | None, int], ...] = ((1_000, 1), (10_000, 10), (100_000, 100), (None, 1_000))


def _cells(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    """Without the day and the kind."""
    yield from _of_request(facts)
    yield from _of_times(facts)
    yield from _of_lateness(facts)
    yield from _of_costs(facts)
    yield from _of_offers(facts)


def _cell(measure: Measure, **dimensions: str | int) -> Cell:
    return Cell(measure=measure, on=_ANY_DAY, **dimensions)  # type: ignore[arg-type] # the names are those of Cell


_ANY_DAY = date.min


def _of_request(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    claim, order = facts.claim, facts.order
    asked = {"reason": claim.reason.value, "fault": claim.fault.value}
    units: Counter[str] = Counter()
    for line in (*claim.lines, *(rejected.line for rejected in claim.rejected_lines)):
        ordered = order.line(line.line_id)
        units[(ordered.sku if ordered else None) or ""] += line.quantity
    yield _cell(Measure.CLAIMS, **asked, policy=order.policy), Added(1, units.total())
    for sku, count in units.items():
        yield _cell(Measure.PRODUCTS, sku=sku), Added(1, count)
        yield _cell(Measure.PRODUCT_REASONS, **asked, sku=sku), Added(1, count)
    yield _cell(Measure.REPEATS, value=min(facts.earlier, MOST_EARLIER)), Added(1)


def _of_times(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    for step, (since, until) in _steps(facts).items():
        if since is not None and until is not None:
            took = {"label": step.value, "value": rounded_minutes(since, until)}
            yield _cell(Measure.TIMES, **took), Added(1)
            yield _cell(Measure.TIMES_OF_KINDS, **took), Added(1)
            if step in STEPS_OF_POLICIES:
                yield _cell(Measure.TIMES_OF_POLICIES, policy=facts.order.policy, **took), Added(1)


def _steps(facts: ClaimFacts) -> dict[Step, tuple[datetime | None, datetime | None]]:
    claim, requested_at = facts.claim, facts.claim.submission.requested_at
    decided_at = _first(facts, DECISIONS)
    return {
        Step.FIRST_ANSWER: (requested_at, _first(facts, ANSWERS)),
        Step.DECISION: (requested_at, decided_at),
        Step.GOODS: (decided_at, claim.received_at),
        Step.INSPECTION: (claim.received_at, claim.inspected_at),
        Step.MONEY: (min((refund.created_at for refund in facts.refunds), default=None), _paid_at(facts.refunds)),
    }


def _first(facts: ClaimFacts, events: Collection[str]) -> datetime | None:
    return min((at for event, at in facts.first.items() if event in events), default=None)


def _paid_at(refunds: Collection[Refund]) -> datetime | None:
    """When the last money of the claim was paid. None while some is owed, or if nothing was paid."""
    if any(refund.status not in ENDED for refund in refunds):
        return None
    return max((part.paid_at for refund in refunds for part in refund.parts), default=None)


def _of_lateness(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    """A claim that still waits in time is not counted yet."""
    answer_late = OVERDUE in facts.first
    if answer_late or _first(facts, DECISIONS) is not None:
        yield _cell(Measure.ANSWERS, policy=facts.order.policy, value=int(answer_late)), Added(1)
    money_late = any(map(_was_late, facts.refunds))
    if money_late or _paid_at(facts.refunds) is not None:
        yield _cell(Measure.PAYMENTS, policy=facts.order.policy, value=int(money_late)), Added(1)


def _was_late(refund: Refund) -> bool:
    late_part = refund.due_by is not None and any(part.paid_at >= refund.due_by for part in refund.parts)
    return late_part or refund.overdue_at is not None


def _of_costs(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    amounts, currency = facts.claim.amounts, facts.order.currency
    costs = {
        Cost.REFUNDED: sum(refund.paid for refund in facts.refunds),
        Cost.INTEREST: sum(refund.late_interest for refund in facts.refunds),
        Cost.CREDIT: sum(offer.amount or 0 for offer in _accepted(facts.claim) if offer.alternative in _CREDIT),
        Cost.SHIPPING: sum(map(amounts.amount_of, _SHIPPING)) if amounts else 0,
        Cost.FEES: amounts.fees_charged(debt_is_paid=facts.claim.still_owed == 0) if amounts else 0,
    }
    for cost, amount in costs.items():
        if amount:
            yield _cell(Measure.COSTS, label=f"{cost}:{currency}"), Added(1, amount)


def _of_offers(facts: ClaimFacts) -> Iterator[tuple[Cell, Added]]:
    currency = facts.order.currency
    for offer in facts.claim.offers:
        label = f"{offer.alternative}:{currency}:{offer.status}"
        yield _cell(Measure.OFFERS, label=label), Added(1, offer.amount or 0)
    accepted = _accepted(facts.claim)
    if accepted and facts.claim.state is not State.REJECTED:
        kept = max(0, _worth(facts) - sum(refund.amount for refund in facts.refunds))
        yield _cell(Measure.KEPT, label=f"{accepted[-1].alternative}:{currency}"), Added(1, kept)


def _accepted(claim: Claim) -> list[Offer]:
    return [offer for offer in claim.offers if offer.status is OfferStatus.ACCEPTED]


def _worth(facts: ClaimFacts) -> int:
    """What was paid for the claimed units, as the order was sold."""
    order = facts.order
    shares = order.discount_shares() if order.discount else {}
    worth = 0
    for line in facts.claim.lines:
        if (ordered := order.line(line.line_id)) is not None:
            paid = order.paid_with(ordered, shares.get(line.line_id, 0))
            worth += portion(paid, ordered.quantity, 0, min(line.quantity, ordered.quantity))
    return worth
