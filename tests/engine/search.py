"""Small worlds, searched to the end: every claim that a request can become, by every command at every turn.

A world is one line of one or two units at an odd price, paid in two ways. Two claims that do not differ in
`_what_matters` are one; where offers are not followed, and on claims that are held, they are still answered.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product

from app.engine.decide import Decision, Refused, decide
from app.engine.model.claim import Claim, Offer
from app.engine.model.commands import (
    AcceptOffer,
    Approve,
    Command,
    ConfirmPayment,
    Convert,
    DeclineOffer,
    Expire,
    Inspect,
    InspectedLine,
    LapseOffer,
    MakeOffer,
    MarkOverdue,
    NewReplacement,
    OrderShipped,
    Receive,
    Reclassify,
    Request,
    RequestedLine,
)
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    Deduction,
    FeeCollection,
    Ground,
    Kind,
    OfferStatus,
    Reason,
    State,
)
from app.engine.policy.facts import Facts
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomaticWhen, AutomationRule, Overtaken
from app.engine.transitions import ledger
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    HOLD,
    MARK_OVERDUE,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SETTLE,
    SYSTEM,
    inspect,
    pay,
    receive,
    reject,
    request,
)
from tests.engine.orders import (
    NO_FEES,
    NOW,
    PAID,
    POLICY,
    SHIPPED,
    SOON,
    TOO_LATE,
    deliver,
    delivered_line,
    facts_of,
    line,
    order,
)
from tests.engine.story import pay_refunds, ship

HOLD_FOR_EVER = replace(HOLD, ends_at=TOO_LATE)
SOLD_OUT = replace(BLUE, sellable=False)
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


def _requests() -> Iterator[Request]:
    for kind in Kind:
        plain = request(kind)
        for quantity in (-1, 0, 1, 2, 3):
            yield request(kind, units={"1": quantity})
        yield request(kind, Reason.OTHER)
        yield request(kind, units={"1": 1, "9": 1})
        yield replace(plain, amount=4_000)
        yield replace(plain, amount=90_000)
        yield replace(plain, amount=0)
        yield replace(plain, lines=())
        yield replace(plain, discovered_at=SOON)
        yield replace(plain, lines=(RequestedLine(line_id="1", quantity=1),) * 2)
        yield replace(plain, requested_at=SOON)
        yield replace(plain, requested_at=PAID - timedelta(hours=1))
        yield replace(plain, discovered_at=PAID - timedelta(hours=1))
        yield replace(plain, lines=(RequestedLine(line_id="1", quantity=1, used_parts=2),))
    yield request(Kind.REFUND, Reason.MISSING_ITEM)
    yield request(Kind.EXCHANGE, replacement=None)
    yield request(Kind.EXCHANGE, replacement=SOLD_OUT)
    for unit_price in (1_000, 9_000):
        yield request(Kind.EXCHANGE, replacement=replace(BLUE, unit_price=unit_price))


def _offers() -> Iterator[MakeOffer]:
    for alternative in Alternative:
        yield MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?")
    for alternative in (Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT, Alternative.EXTRA_COMPENSATION):
        yield MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=2_000)
    partly = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.PARTIAL_REFUND, message="?")
    yield replace(partly, amount=90_000)
    yield replace(partly, amount=2_000, expires_at=NOW)
    exchange = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.EXCHANGE, message="?")
    yield replace(exchange, replacement=BLUE, expires_at=SOON)


def _answers_to_the_buyer() -> Iterator[Command]:
    yield from (APPROVE, replace(APPROVE, by=SYSTEM), Approve(by=SELLER, override="a good customer"))
    for ground in (Ground.WINDOW_CLOSED, Ground.ALREADY_SHIPPED, Ground.CUSTOM_MADE):
        yield reject(ground, alternatives=(Alternative.STORE_CREDIT,))
    yield reject(Ground.DUPLICATE, evidence=("claim 7",), alternatives=(Alternative.STORE_CREDIT,))
    yield reject(Ground.DUPLICATE)
    yield reject(Ground.DUPLICATE, message=" ", evidence=("claim 7",))
    for reason in (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.OTHER):
        yield Reclassify(by=SELLER, reason=reason)
    for line_id, replacement in (("1", BLUE), ("1", SOLD_OUT), ("9", BLUE)):
        named = (NewReplacement(line_id=line_id, replacement=replacement),)
        yield Reclassify(by=SELLER, reason=Reason.DEFECTIVE, replacements=named)
    yield from _offers()
    for offer_id in ("offer", "another"):
        yield from (AcceptOffer(by=BUYER, offer_id=offer_id), DeclineOffer(by=BUYER, offer_id=offer_id))
        yield LapseOffer(by=SYSTEM, offer_id=offer_id)


def _goods_that_come() -> Iterator[Command]:
    for condition, quantity in product((Condition.AS_SOLD, Condition.USED), range(4)):
        yield receive({"1": quantity}, condition)
    yield from (receive({"9": 1}), receive(close=True), Receive(by=SELLER, lines=(), close=True))
    for ground, accepted in product((None, Ground.USED_OR_CONSUMED, Ground.NOTHING_WRONG_FOUND), range(4)):
        yield inspect({"1": accepted}, ground=ground, message="We found it so.")
    for amount in (1_000, 90_000, -1):
        yield inspect({"1": 1}, deductions={Deduction.MISSING_PARTS: amount})
    yield inspect({"1": 1}, deductions={Deduction.USED_VALUE: 1_000})
    yield inspect({"1": -1}, ground=Ground.USED_OR_CONSUMED, message="We found it so.")
    yield from (inspect({"1": 0}), inspect({"9": 1}), Inspect(by=SELLER, lines=()))
    yield Inspect(by=SELLER, lines=(InspectedLine(line_id="1", accepted=1),) * 2)


ALPHABET: tuple[Command, ...] = (
    *(
        request(Kind.CANCEL),
        RETRACT,
        HOLD,
        HOLD_FOR_EVER,
        MARK_OVERDUE,
        RELEASE,
        replace(RELEASE, by=SYSTEM),
        DISPATCH,
        RESHIP,
        CONFIRM_DELIVERY,
        SETTLE,
        EXPIRE,
        replace(EXPIRE, evidence=("trace",)),
    ),
    *(OrderShipped(by=SYSTEM), *_answers_to_the_buyer(), *_goods_that_come()),
    *(Convert(by=SELLER), pay(1), pay(1, "card")),
)
LAPSING = (Expire, AcceptOffer, LapseOffer, MarkOverdue)


@dataclass(slots=True, kw_only=True, eq=False)
class Visit:
    """A claim that can be reached, None where the search begins, and the visits that come after it."""

    claim: Claim | None
    facts: Facts
    leads_to: list["Visit"] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command came to, by which facts, and the facts after it."""

    visit: Visit
    command: Command
    facts: Facts
    said: Decision | Refused
    then: Facts


def explore(world: str, watch: Callable[[Answer], None]) -> list[Visit]:
    """All visits to a world, breadth first; every answer is shown to `watch` as it is given."""
    start = Visit(claim=None, facts=WORLDS[world])
    seen: dict[object, Visit] = {None: start}
    queue = deque([start])
    while queue:
        visit = queue.popleft()
        for claim, then in _ways_from(visit, watch):
            if _open_offers(claim) and (claim.hold or world not in FOLLOWING_OFFERS):
                continue
            key = _what_matters(claim, then)
            if key not in seen:
                seen[key] = Visit(claim=claim, facts=then)
                queue.append(seen[key])
            visit.leads_to.append(seen[key])
    return list(seen.values())


def _ways_from(visit: Visit, watch: Callable[[Answer], None]) -> Iterator[tuple[Claim, Facts]]:
    for answer in _answers(visit):
        watch(answer)
        if isinstance(answer.said, Decision):
            yield answer.said.claim, answer.then
    if visit.claim:
        yield from ((visit.claim, then) for then in _meanwhile(visit.claim, visit.facts))


def _answers(visit: Visit) -> Iterator[Answer]:
    commands = (*_owed(visit), *ALPHABET) if visit.claim else (*_requests(), *ALPHABET)
    later = replace(visit.facts, now=TOO_LATE)
    for command in commands:
        for now in (visit.facts, later) if isinstance(command, LAPSING) else (visit.facts,):
            said = decide(visit.claim, command, now)
            then = ledger.after(visit.facts, said.effects) if isinstance(said, Decision) else visit.facts
            yield Answer(visit=visit, command=command, facts=now, said=said, then=then)


def _owed(visit: Visit) -> Iterator[Command]:
    amounts = visit.claim and visit.claim.amounts
    if amounts and amounts.buyer_owes:
        yield pay(amounts.buyer_owes)
        first = visit.facts.order.payments[0]
        yield ConfirmPayment(by=SELLER, payment_id=first.payment_id, method=first.method, amount=first.captured)


def _meanwhile(claim: Claim, facts: Facts) -> Iterator[Facts]:
    """The refunds succeed; a unit that nobody stopped leaves."""
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
