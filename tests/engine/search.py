"""Small worlds, searched completely: every claim that a request can become, with every command at every step.

A world is one line of one or two units at an odd price, paid in two ways. Two claims that do not differ in
`_what_matters` count as one. Where the search does not follow offers, and on held claims, offers are still answered.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.engine import Decision, Facts, Refused, decide
from app.engine.model.claim import Claim, Offer
from app.engine.model.commands import AcceptOffer, Command, ConfirmPayment, Expire, LapseOffer, MarkOverdue
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import FeeCollection, Kind, OfferStatus, State
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomaticWhen, AutomationRule, Overtaken
from app.engine.transitions import ledger
from tests.engine.alphabet import ALPHABET, requests
from tests.engine.commands import SELLER, pay
from tests.engine.orders import NO_FEES, NOW, POLICY, SHIPPED, TOO_LATE, deliver, delivered_line, facts_of, line, order
from tests.engine.story import pay_refunds, ship

ONE_UNIT = line(quantity=1, unit_price=5_001, discount=2)
TWO_UNITS = line(quantity=2, unit_price=5_000, discount=1)
STRICT = replace(
    POLICY,
    advance_exchange=True,
    overtaken=Overtaken.REFUSE,
    rejection=replace(POLICY.rejection, alternative_required=True),
)
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
    "it costs less than to send it back": _world(delivered_line(unit_price=2_001), REMITTED),
}
FOLLOWING_OFFERS = {"it has not left", "replacements go first"}
LAPSING = (Expire, AcceptOffer, LapseOffer, MarkOverdue)


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
    queue = deque([start])
    while queue:
        visit = queue.popleft()
        for claim, then in _ways_from(visit, watch):
            if _open_offers(claim) and (claim.hold or world not in FOLLOWING_OFFERS):
                continue
            key = _what_matters(claim, then)
            if key not in visits:
                visits[key] = Visit(claim=claim, facts=then)
                queue.append(visits[key])
            visit.leads_to.append(visits[key])
    return list(visits.values())


def _ways_from(visit: Visit, watch: Callable[[Answer], None]) -> Iterator[tuple[Claim, Facts]]:
    for answer in _answers(visit):
        watch(answer)
        if isinstance(answer.outcome, Decision):
            yield answer.outcome.claim, answer.then
    if visit.claim:
        yield from ((visit.claim, then) for then in _meanwhile(visit.claim, visit.facts))


def _answers(visit: Visit) -> Iterator[Answer]:
    commands = (*_owed(visit), *ALPHABET) if visit.claim else (*requests(), *ALPHABET)
    later = replace(visit.facts, now=TOO_LATE)
    for command in commands:
        for now in (visit.facts, later) if isinstance(command, LAPSING) else (visit.facts,):
            outcome = decide(visit.claim, command, now)
            then = ledger.apply_effects(visit.facts, outcome.effects) if isinstance(outcome, Decision) else visit.facts
            yield Answer(visit=visit, command=command, facts=now, outcome=outcome, then=then)


def _owed(visit: Visit) -> Iterator[Command]:
    amounts = visit.claim and visit.claim.amounts
    if amounts and amounts.buyer_owes:
        yield pay(amounts.buyer_owes)
        first = visit.facts.order.payments[0]
        yield ConfirmPayment(by=SELLER, payment_id=first.payment_id, method=first.method, amount=first.captured)


def _meanwhile(claim: Claim, facts: Facts) -> Iterator[Facts]:
    """The refunds succeed, and units that no claim has stopped are shipped."""
    if facts.refunds_outstanding:
        yield pay_refunds(facts)
    waits = claim.kind is Kind.CANCEL and claim.state is State.REQUESTED
    if waits and facts.order.lines[0].unshipped > 0:
        yield replace(ship()(facts), now=facts.now)


def _open_offers(claim: Claim) -> tuple[Offer, ...]:
    return tuple(offer for offer in claim.offers if offer.status is OfferStatus.OPEN)


def _what_matters(claim: Claim, facts: Facts) -> object:
    if claim.amounts or claim.is_final:
        owed = claim.amounts and (claim.amounts.total > 0, claim.amounts.buyer_owes > 0, claim.buyer_payment)
        stands = (claim.kind, claim.state, claim.hold is None, bool(facts.refunds_outstanding))
        return stands, owed, claim.lines[0].replacement
    return (
        (claim.kind, claim.state, claim.fault, claim.lines, claim.submission.amount),
        (claim.hold is None, claim.override is None, claim.received_at is None, _open_offers(claim)),
        (claim.seller_pays_return, claim.overtaken, claim.reshipped, claim.escalated_at is None),
        claim.assessment and claim.assessment.grounds,
        facts.order,
    )
