"""Named walks through the table of transitions, and the rows that each of them takes: for docs/transitions.md.

A walk takes a claim to a place (a kind in a state), and continues with its own commands. The autopilot acts after
each step, as in the service.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from app.engine import Decision, Facts, decide, next_command
from app.engine.model.claim import Claim
from app.engine.model.commands import (
    AcceptOffer,
    Command,
    Convert,
    DeclineOffer,
    LapseOffer,
    MakeOffer,
    NewReplacement,
    Reclassify,
    Request,
)
from app.engine.model.vocabulary import Alternative, Condition, CureFailure, Ground, Kind, Nature, Reason, State
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Overtaken
from app.engine.transitions import ledger
from app.engine.transitions.apply import apply_command, new_claim_from
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.index import ROWS, ordered
from app.engine.transitions.table import ANSWER_IS_OPEN
from app.engine.transitions.transition import Place, Transition, places
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    HOLD,
    MARK_OVERDUE,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SYSTEM,
    edit,
    inspect,
    pay,
    receive,
    reject,
    request,
)
from tests.engine.late_captures import late_captures
from tests.engine.orders import POLICY, SOON, TOO_LATE, delivered_line, facts_of, line, order
from tests.engine.refused_offers import refused_offers
from tests.engine.search import REMITTED as COLLECTED_APART
from tests.engine.story import Step, pay_refunds, ship, wait_until

CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE, Kind.REFUND, Kind.REPAIR
GOODS_COME_BACK = {RETURN, EXCHANGE, REPAIR}
ADVANCE = replace(POLICY, advance_exchange=True)
REFUSED = replace(POLICY, overtaken=Overtaken.REFUSE)

TO_STATE: dict[State, tuple[Step, ...]] = {
    State.REQUESTED: (),
    State.APPROVED: (APPROVE,),
    State.COLLECTING: (APPROVE, DISPATCH),
    State.RECEIVED: (APPROVE, receive()),
    State.ACCEPTED: (APPROVE, receive(), inspect()),
    State.RESHIPPING: (APPROVE, receive(), inspect(), RESHIP),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The steps of one claim on one order."""

    name: str
    facts: Facts
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WalkedRow:
    """A row of the table that a walk took, and from which place."""

    row: Transition
    place: Place
    walk: str


def row_of(claim: Claim | None, command: Command, facts: Facts) -> Transition:
    """The row that decides a command."""
    before = new_claim_from(command, facts.order.order_id) if isinstance(command, Request) else claim
    assert before is not None
    amended = apply_command(before, command, facts) if claim else before
    context = DecisionContext(before, amended, command, facts)
    rows = ROWS[before.kind, claim.state if claim else None, type(command)]
    return next(row for row in rows if row.when is None or row.when(context))


@cache
def rows_taken() -> tuple[WalkedRow, ...]:
    return tuple(walked_row for walk in WALKS for walked_row in _rows_of(walk))


def _rows_of(walk: Walk) -> Iterator[WalkedRow]:
    claim, facts = None, walk.facts
    for step in walk.steps:
        command = step if isinstance(step, Command) else None
        facts = facts if isinstance(step, Command) else step(facts)
        if command is None and claim is not None:
            command = next_command(claim, facts)
        while command is not None:
            place = (claim.kind, claim.state) if claim else (_kind_of(command), None)
            decision = decide(claim, command, facts)
            assert isinstance(decision, Decision), (walk.name, command, decision)
            yield WalkedRow(row_of(claim, command, facts), place, walk.name)
            claim, facts = decision.claim, ledger.apply_effects(facts, decision.effects)
            command = next_command(claim, facts)


def _kind_of(command: Command) -> Kind:
    assert isinstance(command, Request)
    return command.kind


def _facts(kind: Kind, policy: Policy) -> Facts:
    price = 30_000 if kind is CANCEL else 10_000  # two units ship free, one does not
    bought = line(quantity=2, unit_price=price) if kind is CANCEL else delivered_line(quantity=2)
    return facts_of(order(bought), policy=policy)


def _to(place: Place, reason: Reason, quantity: int) -> tuple[Step, ...]:
    kind, state = place
    assert state is not None
    return (request(kind, reason, {"1": quantity}), *TO_STATE[state])


def _offer(alternative: Alternative) -> MakeOffer:
    replacement = BLUE if alternative is Alternative.EXCHANGE else None
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", replacement=replacement)
    is_free = alternative in (Alternative.EXCHANGE, Alternative.FREE_RETURN_SHIPPING)
    return replace(offer, amount=None if is_free else 2_000, expires_at=SOON)


def _from(
    where: frozenset[Place],
    name: str,
    *steps: Step,
    reason: Reason | None = None,
    policy: Policy = POLICY,
    quantity: int = 1,
) -> Iterator[Walk]:
    """The same steps from each place. Without a reason, the buyer cancels at will, and the goods have a fault."""
    for place in ordered(where):
        why = reason or (Reason.CHANGE_OF_MIND if place[0] is CANCEL else Reason.DEFECTIVE)
        yield Walk(name=name, facts=_facts(place[0], policy), steps=(*_to(place, why, quantity), *steps))


def _answers() -> Iterator[Walk]:
    whole = ANSWER_IS_OPEN
    goods_are_kept = places(Kind, {State.REQUESTED}) | places(GOODS_COME_BACK, {State.APPROVED})
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    yield from _from(whole, "held and released", HOLD, RELEASE)
    yield from _from(places({RETURN}, {State.REQUESTED}), "the goods stay", replace(APPROVE, keep_goods=True))
    yield from _from(whole, "reclassified", Reclassify(by=SELLER, reason=Reason.WRONG_ITEM))
    for alternative in Alternative:
        where = goods_are_kept
        if alternative is Alternative.EXCHANGE:
            where = frozenset(place for place in whole if place[0] in (RETURN, REPAIR))
        if alternative is Alternative.FREE_RETURN_SHIPPING:
            where = frozenset(place for place in whole if place[0] in GOODS_COME_BACK)
        yield from _from(where, f"{alternative} offered and accepted", _offer(alternative), accept)
    offer = _offer(Alternative.FREE_RETURN_SHIPPING)
    goods = frozenset(place for place in whole if place[0] in GOODS_COME_BACK)
    yield from _from(goods, "an offer is declined", offer, DeclineOffer(by=BUYER, offer_id="offer"))
    lapse = LapseOffer(by=SYSTEM, offer_id="offer")
    yield from _from(goods, "an offer lapses", offer, wait_until(SOON), lapse)
    money, coupon = places({CANCEL, REFUND}, {State.REQUESTED}), _offer(Alternative.DISCOUNT_COUPON)
    yield from _from(money, "an offer is declined", coupon, DeclineOffer(by=BUYER, offer_id="offer"))
    yield from _from(money, "an offer lapses", coupon, wait_until(SOON), lapse)


def _ends() -> Iterator[Walk]:
    """The walks that go on, and the walks that end, for every kind."""
    new = places(Kind, {State.REQUESTED})
    coming_back = places(GOODS_COME_BACK, {State.APPROVED, State.COLLECTING})
    duplicate = reject(Ground.DUPLICATE, evidence=("claim 1",), alternatives=(Alternative.STORE_CREDIT,))
    yield from _from(new, "rejected", duplicate)
    for kind in Kind:
        two = order(*(line(name) if kind is CANCEL else delivered_line(name) for name in ("1", "2")))
        steps = (request(kind, Reason.DEFECTIVE, {"1": 1, "2": 1}), replace(duplicate, line_ids=("1",)), RETRACT)
        yield Walk(name="one line is rejected", facts=facts_of(two), steps=steps)
    yield from _from(new, "nobody answers in time", wait_until(TOO_LATE), MARK_OVERDUE)
    yield from _from(new, "the buyer wants something else", edit({"1": 2}, Reason.OTHER))
    yield from _from(new | coming_back, "retracted", RETRACT)
    yield from _from(coming_back, "the goods never come", wait_until(TOO_LATE), replace(EXPIRE, evidence=("trace",)))
    never, approved = (wait_until(TOO_LATE), EXPIRE), places(GOODS_COME_BACK, {State.APPROVED})
    yield from _from(approved, "the goods are sent late", *never, DISPATCH, receive())
    yield from _from(approved, "the goods are received late", *never, receive())
    yield from _from(approved, "a part of the goods is received late", *never, receive(), receive(), quantity=2)
    yield from _from(places({CANCEL, REFUND}, {State.APPROVED}), "refunded", pay_refunds)
    yield from _from(places({RETURN}, {State.ACCEPTED}), "refunded", pay_refunds)
    yield from _from(places({EXCHANGE}, {State.RESHIPPING}), "exchanged", CONFIRM_DELIVERY)
    used, kept = receive(condition=Condition.USED), inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Used.")
    yield from _from(approved, "the goods are sent back", used, kept, reason=Reason.CHANGE_OF_MIND)
    yield from _from(coming_back, "a part is received, then the rest", receive(), receive(), quantity=2)


def _debts() -> Iterator[Walk]:
    """The buyer owes something: it is paid, waived, or deducted when time has passed."""
    where = places({CANCEL}, {State.APPROVED}) | places(GOODS_COME_BACK, {State.ACCEPTED})
    mind, apart = Reason.CHANGE_OF_MIND, COLLECTED_APART
    for kind, state in ordered(where):
        place = places({kind}, {state})
        owed = {CANCEL: 3_000, RETURN: 3_000, EXCHANGE: 6_000, REPAIR: 6_000}[kind]
        yield from _from(place, "a debt is paid", pay(owed), reason=mind, policy=apart)
        yield from _from(place, "a debt is waived", RELEASE, reason=mind, policy=apart)
        yield from _from(place, "a debt is deducted", replace(RELEASE, by=SYSTEM), reason=mind, policy=apart)
    sent_first = (RESHIP, receive(), inspect())
    for name, step in (
        ("a debt is paid", pay(6_000)),
        ("a debt is waived", RELEASE),
        ("a debt is deducted", replace(RELEASE, by=SYSTEM)),
    ):
        approved = places({EXCHANGE}, {State.APPROVED})
        policy = replace(ADVANCE, fee_collection=COLLECTED_APART.fee_collection)
        yield from _from(approved, name, *sent_first, step, reason=mind, policy=policy)


def _services() -> Iterator[Walk]:
    """Nothing comes back of digital content and services, alone or beside goods."""
    course = delivered_line("2", nature=Nature.SERVICE)
    for kind, ends in ((RETURN, (pay_refunds,)), (EXCHANGE, (RESHIP, CONFIRM_DELIVERY))):
        alone = (request(kind, Reason.DEFECTIVE, {"2": 1}), APPROVE, *ends)
        yield Walk(name="nothing comes back", facts=facts_of(order(course)), steps=alone)
        beside = request(kind, Reason.DEFECTIVE, {"1": 1, "2": 1})
        facts = facts_of(order(delivered_line(), course), policy=replace(POLICY, collect_lapses=True))
        goods_come = (beside, APPROVE, receive(), inspect(), *ends)
        yield Walk(name="a service beside goods", facts=facts, steps=goods_come)
        for sent in ((), (DISPATCH,)):
            never = (beside, APPROVE, *sent, wait_until(TOO_LATE), replace(EXPIRE, evidence=("trace",)), *ends)
            yield Walk(name="the goods beside a service never come", facts=facts, steps=never)


def _exchanges() -> Iterator[Walk]:
    open_ = places({EXCHANGE}, {State.REQUESTED, State.APPROVED, State.COLLECTING, State.RECEIVED})
    sent = places({EXCHANGE}, {State.APPROVED, State.COLLECTING})
    accepted = places({EXCHANGE}, {State.ACCEPTED})
    yield from _from(open_ | accepted, "there is no replacement", Convert(by=SELLER))
    other = Reclassify(
        by=SELLER,
        reason=Reason.DEFECTIVE,
        replacements=(NewReplacement(line_id="1", replacement=replace(BLUE, sku="shirt-red")),),
    )
    yield from _from(accepted, "another replacement is named", other)
    received = places({EXCHANGE}, {State.RECEIVED})
    yield from _from(sent | received, "the replacement goes first", RESHIP, policy=ADVANCE)
    yield from _from(received, "the replacement went first", RESHIP, inspect(), policy=ADVANCE)
    late, lost = wait_until(TOO_LATE), replace(EXPIRE, evidence=("trace",))
    yield from _from(sent, "the replacement went first, and the goods never come", RESHIP, late, lost, policy=ADVANCE)


def _repairs() -> Iterator[Walk]:
    accepted = places({REPAIR}, {State.ACCEPTED})
    open_ = places({REPAIR}, {State.REQUESTED, State.APPROVED, State.COLLECTING, State.RECEIVED})
    back = (COMPLETE_REPAIR, RESHIP, CONFIRM_DELIVERY)
    service = (request(REPAIR, Reason.DEFECTIVE, {"2": 1}), APPROVE, COMPLETE_REPAIR, CONFIRM_DELIVERY)
    facts = facts_of(order(delivered_line("2", nature=Nature.SERVICE)))
    yield Walk(name="nothing comes back for a repair", facts=facts, steps=service)
    yield from _from(accepted, "the buyer fetches the repaired goods", COMPLETE_REPAIR, CONFIRM_DELIVERY)
    yield from _from(accepted, "the goods are repaired and sent back", *back)
    yield from _from(accepted, "another reason is named", Reclassify(by=SELLER, reason=Reason.WRONG_ITEM))
    for to, replacements in ((RETURN, ()), (EXCHANGE, (NewReplacement(line_id="1", replacement=BLUE),))):
        convert = Convert(by=SELLER, to=to, because=CureFailure.LATE, replacements=replacements)
        yield from _from(open_ | accepted, f"the repair takes too long and becomes {to}", convert)
        yield from _from(
            accepted,
            f"the repair fails and becomes {to}",
            COMPLETE_REPAIR,
            replace(convert, because=CureFailure.FAILED),
        )


def _shipped() -> Iterator[Walk]:
    """The order is shipped while its cancellation is open, or before."""
    new = places({CANCEL}, {State.REQUESTED})
    yield from _from(new, "all of it ships", ship({"1": 2}))
    yield from _from(new, "all of it ships, and the policy refuses", ship({"1": 2}), policy=REFUSED)
    yield Walk(name="all of it had left", facts=_facts(RETURN, POLICY), steps=(request(CANCEL), Convert(by=SELLER)))
    steps = (request(CANCEL, units={"1": 2}), ship({"1": 1}))
    yield Walk(name="a part of it ships", facts=_facts(CANCEL, POLICY), steps=steps)


_ORDINARY = (*_answers(), *_ends(), *_debts(), *_services(), *_exchanges(), *_repairs(), *_shipped())
_LATER = (*late_captures(), *refused_offers())
WALKS = (*_ORDINARY, *(Walk(name=name, facts=facts, steps=steps) for name, facts, steps in _LATER))
