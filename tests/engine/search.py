"""Small worlds, searched completely: every claim that a request can become, with every command at every step.

A world is one line (in one world two) of one or two units at an odd price, paid in two ways. Two claims that do not
differ in `_what_matters` count as one. Where the search does not follow offers, and on held claims, offers are still
answered. A type of command that the kind, the state or the hold of a claim forbids is tried once.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.engine import Decision, Facts, Refused, decide
from app.engine.amounts.captures import late_money
from app.engine.model.claim import Claim, Offer
from app.engine.model.commands import AcceptOffer, Command, ConfirmPayment, Expire, LapseOffer, MarkOverdue
from app.engine.model.edit import Edit
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Deduction, Fault, FeeCollection, Kind, Nature, OfferStatus, State
from app.engine.policy.money_rules import DeductionRule
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, AutomaticWhen, AutomationRule, Overtaken, Period, Unit
from app.engine.transitions import ledger
from tests.engine.alphabet import ALPHABET, requests
from tests.engine.commands import SELLER, adjust, pay
from tests.engine.orders import (
    NO_FEES,
    NOW,
    POLICY,
    SHIPPED,
    TOO_LATE,
    capture,
    deliver,
    delivered_line,
    facts_of,
    line,
    order,
)
from tests.engine.story import pay_refunds, ship

ONE_UNIT = line(quantity=1, unit_price=5_001, discount=2)
TWO_UNITS = line(quantity=2, unit_price=5_000, discount=1)
STRICT = replace(
    POLICY,
    deductions=(
        DeductionRule(
            reason=Deduction.USED_VALUE, faults=frozenset(Fault), citation="ours", needs_evidence=True, limit_percent=10
        ),
        DeductionRule(
            reason=Deduction.DAMAGE,
            faults=frozenset(Fault),
            citation="ours",
            after=Period(length=6, unit=Unit.MONTHS, anchor=Anchor.DELIVERED),
        ),
    ),
    advance_exchange=True,
    overtaken=Overtaken.REFUSE,
    rejection=replace(POLICY.rejection, alternative_required=True),
)
COLLECTION_LAPSES = replace(POLICY, advance_exchange=True, collect_lapses=True)
COURSE = delivered_line("2", unit_price=7_000, nature=Nature.SERVICE)
REMITTED = replace(POLICY, fee_collection=FeeCollection.REMIT)
BY_ITSELF = replace(
    NO_FEES,
    automation=(AutomationRule(kinds=frozenset({Kind.CANCEL}), when=AutomaticWhen.ALWAYS, citation="ours"),),
)


def _world(bought: OrderLine, policy: Policy = POLICY) -> Facts:
    payments = {"points": 4_000, "card": bought.gross - bought.discount + 3_000 - 4_000}
    return facts_of(order(bought, shipping_charged=3_000, payments=payments), policy=policy)


WORLDS: dict[str, Facts] = {
    "it has not left": _world(ONE_UNIT),
    "none of two have left": _world(TWO_UNITS, STRICT),
    "one of two has left": _world(replace(TWO_UNITS, shipped=1, shipped_at=SHIPPED), BY_ITSELF),
    "nobody saw it arrive": _world(replace(ONE_UNIT, shipped=1, shipped_at=SHIPPED)),
    "both are delivered": _world(deliver(TWO_UNITS)),
    "it was delivered long ago": _world(replace(deliver(ONE_UNIT), delivered_at=NOW - timedelta(days=60))),
    "replacements go first": _world(deliver(ONE_UNIT), STRICT),
    "what is kept no longer ships free": facts_of(order(line(quantity=2, unit_price=30_000)), policy=REMITTED),
    "nothing comes back": _world(replace(deliver(ONE_UNIT), nature=Nature.DIGITAL)),
    "a service beside goods": facts_of(order(deliver(ONE_UNIT), COURSE), policy=COLLECTION_LAPSES),
    "it costs less than to send it back": _world(delivered_line(unit_price=2_001), REMITTED),
    "a part is paid later, on its way out": facts_of(
        order(line(quantity=1, unit_price=5_001), payments={"points": 1_000, "card": 501})
    ),
    "a part is paid later, after the delivery": facts_of(
        order(delivered_line(unit_price=5_001), payments={"points": 1_000, "card": 501}), policy=STRICT
    ),
}
FOLLOWING_OFFERS = {"it has not left", "replacements go first"}
LAPSING = (Expire, AcceptOffer, LapseOffer, MarkOverdue)
NOT_FOLLOWED = Edit
"""An edit makes a claim that a request could have made. `tests/engine/test_edits.py` follows edits."""
FOR_THE_PLACE = {Code.ILLEGAL_TRANSITION, Code.ON_HOLD}
"""Codes that the kind, the state and the hold of a claim decide."""


@dataclass(slots=True, kw_only=True, eq=False)
class Visit:
    """A claim that can be reached (None at the begin of the search), and the visits after it."""

    claim: Claim | None
    facts: Facts
    leads_to: list["Visit"] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The outcome of a command, the facts before it, and the facts after it."""

    visit: Visit
    command: Command
    facts: Facts
    outcome: Decision | Refused
    then: Facts


def explore(world: str, watch: Callable[[Answer], None]) -> list[Visit]:
    """All visits to a world, breadth first. `watch` gets every answer at once."""
    start = Visit(claim=None, facts=WORLDS[world])
    visits: dict[object, Visit] = {None: start}
    forbidden: set[object] = set()
    queue = deque([start])
    while queue:
        visit = queue.popleft()
        for claim, then in _ways_from(visit, watch, forbidden):
            if _open_offers(claim) and (claim.hold or world not in FOLLOWING_OFFERS):
                continue
            key = _what_matters(claim, then)
            if key not in visits:
                visits[key] = Visit(claim=claim, facts=then)
                queue.append(visits[key])
            visit.leads_to.append(visits[key])
    return list(visits.values())


def _ways_from(visit: Visit, watch: Callable[[Answer], None], forbidden: set[object]) -> Iterator[tuple[Claim, Facts]]:
    for answer in _answers(visit, forbidden):
        watch(answer)
        if isinstance(answer.outcome, Decision) and not isinstance(answer.command, NOT_FOLLOWED):
            yield answer.outcome.claim, answer.then
    if visit.claim:
        yield from ((visit.claim, then) for then in _meanwhile(visit.claim, visit.facts))


def _answers(visit: Visit, forbidden: set[object]) -> Iterator[Answer]:
    """The answers to all commands. `forbidden` holds what was refused, at any visit, for the place of a claim alone."""
    commands = (*_owed(visit), *ALPHABET) if visit.claim else (*requests(), *ALPHABET)
    place = visit.claim and (visit.claim.kind, visit.claim.state, visit.claim.hold is None)
    later = replace(visit.facts, now=TOO_LATE)
    for command in commands:
        if (place, type(command)) in forbidden:
            continue
        for now in (visit.facts, later) if isinstance(command, LAPSING) else (visit.facts,):
            outcome = decide(visit.claim, command, now)
            if isinstance(outcome, Refused) and outcome.refusals[0].code in FOR_THE_PLACE:
                forbidden.add((place, type(command)))
            then = ledger.apply_effects(visit.facts, outcome.effects) if isinstance(outcome, Decision) else visit.facts
            yield Answer(visit=visit, command=command, facts=now, outcome=outcome, then=then)


def _owed(visit: Visit) -> Iterator[Command]:
    amounts = visit.claim and visit.claim.amounts
    for late in late_money(visit.facts.order, [visit.claim] if visit.claim else ()):
        yield adjust(late)
    if amounts and amounts.buyer_owes:
        yield pay(amounts.buyer_owes)
        first = visit.facts.order.payments[0]
        yield ConfirmPayment(by=SELLER, payment_id=first.payment_id, method=first.method, amount=first.captured)


def _meanwhile(claim: Claim, facts: Facts) -> Iterator[Facts]:
    """The refunds succeed, the rest of the price is captured, and units that no claim has stopped are shipped."""
    if facts.order.unpaid > 0:
        yield replace(facts, order=capture(facts.order, facts.order.unpaid))
    if facts.refunds_outstanding:
        yield pay_refunds(facts)
    waits = claim.kind is Kind.CANCEL and claim.state is State.REQUESTED
    if waits and facts.order.lines[0].unshipped > 0:
        yield replace(ship()(facts), now=facts.now)


def _open_offers(claim: Claim) -> tuple[Offer, ...]:
    return tuple(offer for offer in claim.offers if offer.status is OfferStatus.OPEN)


def _what_matters(claim: Claim, facts: Facts) -> object:
    if claim.amounts or (claim.is_final and claim.state is not State.EXPIRED):
        owed = claim.amounts and (claim.amounts.total > 0, claim.amounts.buyer_owes > 0, claim.buyer_payment)
        stands = (claim.kind, claim.state, claim.hold is None, bool(facts.refunds_outstanding))
        late = facts.order.unpaid > 0, facts.order.not_captured
        return stands, owed, late, claim.lines[0].replacement
    return (
        (claim.kind, claim.state, claim.fault, claim.lines, claim.submission.amount),
        (claim.hold is None, claim.override is None, claim.received_at is None, _open_offers(claim)),
        (claim.seller_pays_return, claim.overtaken, claim.reshipped),
        claim.escalated_at is None or bool(claim.hold or claim.offers),
        claim.assessment and claim.assessment.grounds,
        facts.order,
    )
