"""Every claim that can be reached from a request, by every command and by what happens to the order meanwhile.

Small worlds, searched to the end: two units of one line at an odd price, paid in two ways. A `Visit` is one
claim with its order; its `answers` are what every command of the alphabet comes to there.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from app.engine import ledger
from app.engine.claim import Claim
from app.engine.commands import (
    AcceptOffer,
    Approve,
    Command,
    DeclineOffer,
    Inspect,
    InspectedLine,
    MakeOffer,
    NewReplacement,
    OrderShipped,
    Receive,
    Reclassify,
    Request,
    RequestedLine,
)
from app.engine.decide import Decision, Refused, decide
from app.engine.facts import Facts
from app.engine.order import Order
from app.engine.policy import AutomaticWhen, AutomationRule, Overtaken
from app.engine.vocabulary import FINAL, Alternative, Condition, Ground, Kind, OfferStatus, Reason
from tests.engine.given import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    HOLD,
    NO_FEES,
    NOW,
    POLICY,
    RELEASE,
    RESHIP,
    SELLER,
    SETTLE,
    SHIPPED,
    SOON,
    SYSTEM,
    TOO_LATE,
    WITHDRAW,
    asks,
    delivered,
    facts,
    inspects,
    line,
    order,
    paid,
    receives,
    rejects,
    shipped,
)

SOLD_OUT = replace(BLUE, sellable=False)

_BOUGHT = line(quantity=2, unit_price=5_000, discount=1)
_paid_twice = partial(order, shipping_charged=3_000, payments={"points": 4_000, "card": 8_999})
_ADVANCE = replace(
    POLICY,
    advance_exchange=True,
    overtaken=Overtaken.REFUSE,
    rejection=replace(POLICY.rejection, alternative_required=True),
)
_BY_ITSELF = replace(
    NO_FEES,
    automation=(AutomationRule(kinds=frozenset(Kind), when=AutomaticWhen.ALWAYS, citation="house rule"),),
)

WORLDS: dict[str, Facts] = {
    "nothing has left": facts(_paid_twice(_BOUGHT)),
    "nothing has left, and shipped is shipped": facts(_paid_twice(_BOUGHT), policy=_ADVANCE),
    "half has left": facts(_paid_twice(replace(_BOUGHT, shipped=1, shipped_at=SHIPPED))),
    "all has left, nobody saw it arrive": facts(
        _paid_twice(replace(_BOUGHT, shipped=2, shipped_at=SHIPPED)), policy=_BY_ITSELF
    ),
    "all is delivered": facts(_paid_twice(delivered(_BOUGHT))),
    "all was delivered long ago": facts(_paid_twice(delivered(_BOUGHT)), now=TOO_LATE),
    "all is delivered, replacements go first": facts(_paid_twice(delivered(_BOUGHT)), policy=_ADVANCE),
}


def _requests(now: Facts) -> Iterator[Request]:
    for kind in Kind:
        for quantity in (-1, 0, 1, 2, 3):
            yield asks(kind, units={"1": quantity}, requested_at=now.now)
        yield asks(kind, Reason.OTHER, requested_at=now.now)
        yield asks(kind, units={"1": 1, "9": 1}, requested_at=now.now)
        yield asks(kind, requested_at=now.now, amount=4_000)
        yield asks(kind, requested_at=now.now, amount=9_000)
        twice = (RequestedLine(line_id="1", quantity=1),) * 2
        yield replace(asks(kind, requested_at=now.now), lines=twice)
    yield asks(Kind.REFUND, Reason.MISSING_ITEM, requested_at=now.now)
    yield asks(Kind.EXCHANGE, replacement=None, requested_at=now.now)
    yield asks(Kind.EXCHANGE, replacement=SOLD_OUT, requested_at=now.now)
    yield asks(Kind.CANCEL, requested_at=TOO_LATE)


def _offers() -> Iterator[MakeOffer]:
    for alternative in Alternative:
        yield MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?")
    for alternative in (Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT):
        offer = MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=2_000)
        yield from (offer, replace(offer, amount=90_000))
    exchange = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.EXCHANGE, message="?")
    yield replace(exchange, replacement=BLUE)
    yield replace(exchange, replacement=BLUE, until=SOON)


def _alphabet() -> Iterator[Command]:
    yield asks(Kind.CANCEL)
    yield from (WITHDRAW, HOLD, RELEASE, DISPATCH, RESHIP, CONFIRM_DELIVERY, SETTLE, EXPIRE)
    yield OrderShipped(by=SYSTEM)
    yield from (APPROVE, replace(APPROVE, by=SYSTEM), Approve(by=SELLER, override="a good customer"))
    for ground in (Ground.WINDOW_CLOSED, Ground.ALREADY_SHIPPED, Ground.CUSTOM_MADE):
        yield rejects(ground, alternatives=(Alternative.STORE_CREDIT,))
    yield rejects(Ground.DUPLICATE, evidence=("claim 7",), alternatives=(Alternative.STORE_CREDIT,))
    yield rejects(Ground.DUPLICATE, message=" ", evidence=("claim 7",))
    for reason in (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.OTHER):
        yield Reclassify(by=SELLER, reason=reason)
    for line_id, replacement in (("1", BLUE), ("1", SOLD_OUT), ("9", BLUE)):
        named = (NewReplacement(line_id=line_id, replacement=replacement),)
        yield Reclassify(by=SELLER, reason=Reason.DEFECTIVE, replacements=named)
    yield from _offers()
    for offer_id in ("offer", "another"):
        yield from (AcceptOffer(by=BUYER, offer_id=offer_id), DeclineOffer(by=BUYER, offer_id=offer_id))
    for condition in (Condition.AS_SOLD, Condition.USED):
        for quantity in (0, 1, 2, 3):
            yield receives({"1": quantity}, condition)
    yield from (receives({"9": 1}), receives(close=True), Receive(by=SELLER, lines=(), close=True))
    for ground in (None, Ground.USED_OR_CONSUMED, Ground.NOTHING_WRONG_FOUND):
        for accepted in (0, 1, 2, 3):
            yield inspects({"1": accepted}, ground=ground, message="We found it so.")
    yield inspects({"1": 1}, deduction=1_000)
    yield inspects({"1": 1}, deduction=90_000)
    yield from (inspects({"1": 0}), inspects({"9": 1}), Inspect(by=SELLER, lines=()))
    yield Inspect(by=SELLER, lines=(InspectedLine(line_id="1", accepted=1),) * 2)


ALPHABET = tuple(_alphabet())
PAST_CHANGE = {*FINAL}



@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command came to, at the instant it was given."""

    command: Command
    facts: Facts
    said: Decision | Refused
    then: Facts | None = None


@dataclass(slots=True, kw_only=True)
class Visit:
    """A claim that can be reached; `claim` is None where the search begins. `leads_to` are other visits."""

    claim: Claim | None
    facts: Facts
    answers: list[Answer]
    leads_to: list["Visit"]


@cache
def visits(world: str) -> tuple[Visit, ...]:
    """The search through one world, breadth first."""
    start = Visit(claim=None, facts=WORLDS[world], answers=[], leads_to=[])
    seen: dict[object, Visit] = {}
    queue = deque([start])

    def lead(visit: Visit, claim: Claim | None, then: Facts) -> None:
        key = _what_matters(claim, then.order, then.refunds_outstanding)
        if key not in seen:
            seen[key] = Visit(claim=claim, facts=then, answers=[], leads_to=[])
            queue.append(seen[key])
        visit.leads_to.append(seen[key])

    while queue:
        visit = queue.popleft()
        for answer in _answers(visit):
            visit.answers.append(answer)
            if isinstance(answer.said, Decision) and answer.then is not None:
                lead(visit, answer.said.claim, answer.then)
        for then in _meanwhile(visit):
            lead(visit, visit.claim, then)
    return (start, *seen.values())


def every_visit() -> Iterator[Visit]:
    for world in WORLDS:
        yield from visits(world)


def every_answer() -> Iterator[tuple[Visit, Answer]]:
    for visit in every_visit():
        for answer in visit.answers:
            yield visit, answer


def _answers(visit: Visit) -> Iterator[Answer]:
    commands = _requests(visit.facts) if visit.claim is None else ALPHABET
    for command in (*commands, *(() if visit.claim else ALPHABET)):
        yield _answer(visit, command, visit.facts)
        if isinstance(command, (EXPIRE.__class__, AcceptOffer)):
            yield _answer(visit, command, replace(visit.facts, now=visit.facts.now + (TOO_LATE - NOW)))


def _answer(visit: Visit, command: Command, facts: Facts) -> Answer:
    said = decide(visit.claim, command, facts)
    then = ledger.after(visit.facts, said.effects) if isinstance(said, Decision) else None
    return Answer(command=command, facts=facts, said=said, then=then)


def _meanwhile(visit: Visit) -> Iterator[Facts]:
    """The refunds succeed; a unit that was not stopped leaves."""
    if visit.claim is None:
        return
    if visit.facts.refunds_outstanding:
        yield paid(visit.facts)
    if visit.facts.order.lines[0].unshipped > 0 and not visit.claim.is_final:
        yield replace(shipped()(visit.facts), now=visit.facts.now)


def _what_matters(claim: Claim | None, order: Order, outstanding: int) -> object:
    """Claims that differ in nothing of this go the same ways."""
    if claim is None or claim.state in PAST_CHANGE:
        return claim and (claim.kind, claim.state, bool(outstanding))
    return (
        (claim.kind, claim.state, claim.fault, claim.lines, claim.submission.amount),
        tuple(offer for offer in claim.offers if offer.status is OfferStatus.OPEN),
        (claim.hold is None, claim.override is None, claim.received_at is None),
        (claim.seller_pays_return, claim.overtaken, claim.reshipped),
        claim.assessment and claim.assessment.grounds,
        order,
    )
