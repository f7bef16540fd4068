"""Random histories of several claims on one order, compared with simple books.

The books have the rules and no part of the engine: where a claim's units are by its kind and state, that units
given back are worth a rounded share of what was paid for their line, and that every refund comes off a payment.
Every history is brought to its end, with all units given back, and then all that was paid for goods is back.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.commands import Approve, Command
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Condition, Ground, Kind, Reason, State
from app.engine.transitions.table import GOODS_COME_BACK
from tests.engine.books import Books
from tests.engine.commands import (
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    DISPATCH,
    HOLD,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    edit,
    inspect,
    receive,
    reject,
    request,
)
from tests.engine.orders import NO_FEES, SHIPPED, facts_of, order, price_of
from tests.engine.story import Step, Story, pay_refunds, ship

GOODS = {StepCode.GOODS, StepCode.EARLIER_CREDIT, StepCode.REQUESTED_AMOUNT}
YES = Approve(by=SELLER, override="whatever the law says")
NO = reject(Ground.DUPLICATE, evidence=("claim 0",))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Up to three lines at odd prices, with every kind of discount, two payments, and tax in or on top."""
    included = draw(st.booleans())
    lines = tuple(draw(_lines(str(number), included)) for number in range(draw(st.integers(1, 3))))
    net = sum(line.gross - line.discount for line in lines if line.discountable)
    unpaid = order(
        *lines,
        prices_include_tax=included,
        discount=draw(st.integers(0, net)),
        shipping_charged=draw(st.integers(0, 50)),
    )
    points = draw(st.integers(0, price_of(unpaid)))
    return replace(
        order(*lines, payments={"points": points, "card": price_of(unpaid) - points}),
        prices_include_tax=included,
        discount=unpaid.discount,
        shipping_charged=unpaid.shipping_charged,
    )


@st.composite
def _lines(draw: st.DrawFn, line_id: str, included: bool) -> OrderLine:
    bought = OrderLine(line_id=line_id, quantity=draw(st.integers(1, 4)), unit_price=draw(st.integers(0, 200)))
    return replace(
        bought,
        discount=draw(st.integers(0, bought.gross)),
        discountable=draw(st.booleans()),
        tax=0 if included else draw(st.integers(0, 40)),
    )


@st.composite
def _parcels(draw: st.DrawFn, claim: Claim) -> Command:
    quantities = {line.line_id: draw(st.integers(0, line.quantity - line.received)) for line in claim.lines}
    condition = draw(st.sampled_from((Condition.AS_SOLD, Condition.DAMAGED_BY_BUYER)))
    return receive({name: count for name, count in quantities.items() if count}, condition, close=draw(st.booleans()))


@st.composite
def _inspections(draw: st.DrawFn, claim: Claim) -> Command:
    good = {line.line_id: draw(st.integers(0, line.received)) for line in claim.lines}
    return inspect(good, ground=Ground.DAMAGED_BY_BUYER, message="It came broken.")


class OneOrder(RuleBasedStateMachine):
    """Cancellations, returns and full refunds, in any order, while others are at any stage."""

    kinds: tuple[Kind, ...] = (Kind.CANCEL, Kind.RETURN, Kind.REFUND)

    @initialize(bought=orders(), data=st.data())
    def buy(self, bought: Order, data: st.DataObject) -> None:
        self.books = Books(bought)
        for line in bought.lines:
            self.books.shipped[line.line_id] = data.draw(st.integers(0, line.quantity))
        self.facts = ship(+self.books.shipped, SHIPPED)(facts_of(bought, policy=NO_FEES))
        self.claims: dict[str, Claim] = {}
        self.outstanding: Counter[str] = Counter()

    @rule(data=st.data())
    def ask_for_anything(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(self.kinds))
        lines = st.sampled_from(sorted(self.books.quantity))
        units = data.draw(st.dictionaries(lines, st.integers(1, 3), min_size=1))
        free = self.free(kind)
        assert self.request(kind, units) is all(count <= free.get(name, 0) for name, count in units.items())

    @rule(data=st.data(), steps=st.integers(0, 7))
    def ask_for_what_is_free(self, data: st.DataObject, steps: int) -> None:
        kind = data.draw(st.sampled_from(self.kinds))
        if free := self.free(kind):
            line_id = data.draw(st.sampled_from(sorted(free)))
            assert self.request(kind, {line_id: data.draw(st.integers(1, free[line_id]))})
            self.bring_forward(next(reversed(self.claims)), steps, data)

    @precondition(lambda self: self.open())
    @rule(data=st.data(), steps=st.integers(1, 7))
    def go_on_with_an_older_claim(self, data: st.DataObject, steps: int) -> None:
        self.bring_forward(data.draw(st.sampled_from(self.open())), steps, data)

    @precondition(lambda self: self.open())
    @rule(data=st.data(), step=st.sampled_from((NO, RETRACT, HOLD, RELEASE, DISPATCH)))
    def turn_aside(self, data: st.DataObject, step: Step) -> None:
        self.take(data.draw(st.sampled_from(self.open())), step)

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def change_what_is_asked(self, data: st.DataObject) -> None:
        """An edit is accepted as a request of the same units would be without the claim."""
        name = data.draw(st.sampled_from(self.open()))
        claim, lines = self.claims[name], st.sampled_from(sorted(self.books.quantity))
        units = data.draw(st.dictionaries(lines, st.integers(1, 4), min_size=1))
        before = {line.line_id: line.quantity for line in claim.lines}
        free = self.free(claim.kind, without=name)
        fits = all(count <= free.get(line_id, 0) for line_id, count in units.items())
        grows = any(count > before.get(line_id, 0) for line_id, count in units.items())
        changes = units != before or claim.submission.amount is not None
        expected = claim.state is State.REQUESTED and fits and changes and not (claim.overtaken and grows)
        assert self.take(name, edit(units, Reason.DEFECTIVE)) is expected

    @rule(data=st.data())
    def parcel_leaves(self, data: st.DataObject) -> None:
        waiting = {line.line_id: line.unshipped for line in self.facts.order.lines if line.unshipped > 0}
        if not waiting:
            return
        line_id = data.draw(st.sampled_from(sorted(waiting)))
        count = data.draw(st.integers(1, waiting[line_id]))
        self.books.shipped[line_id] += count
        self.facts = ship({line_id: count}, self.facts.now + timedelta(minutes=1))(self.facts)
        for name in self.open():
            self.take(name, lambda facts: facts)

    @invariant()
    def units_are_where_the_rules_say(self) -> None:
        for line_id, units in self.books.where(self.claims.values()).items():
            line = self.facts.order.line(line_id)
            assert line is not None
            assert {shelf: getattr(line.units, shelf) for shelf in line.units.__slots__} == {
                **dict.fromkeys(line.units.__slots__, 0),
                **units,
            }
            assert 0 <= line.untouched == line.quantity - units.total()

    @invariant()
    def goods_are_paid_back_at_their_share(self) -> None:
        for line_id, units in self.books.where(self.claims.values()).items():
            settled = units["cancelled"] + units["returned"] + units["refunded"]
            assert self.goods_paid_back(line_id) == self.books.worth(line_id, settled)

    @invariant()
    def refunds_come_off_payments_and_stay_within_them(self) -> None:
        shares: Counter[str] = Counter()
        for claim in self.claims.values():
            for share in claim.amounts.shares if claim.amounts else ():
                shares[share.payment_id] += share.amount
        for payment in self.facts.order.payments:
            assert 0 <= shares[payment.payment_id] == payment.refunded <= payment.captured

    def teardown(self) -> None:
        """Every claim ends, and every other unit comes back, one at a time."""
        if not hasattr(self, "books"):
            return
        for name in self.open():
            self.finish(name)
        while rest := [line for line in self.facts.order.lines if line.untouched]:
            line = rest[len(self.claims) % len(rest)]
            kind = Kind.CANCEL if line.unshipped > 0 else Kind.RETURN
            assert self.request(kind, {line.line_id: 1})
            self.finish(next(reversed(self.claims)), retract=False)
        assert self.goods_paid_back(*self.books.quantity, None) == self.books.goods
        assert not any(claim.amounts and claim.amounts.buyer_owes for claim in self.claims.values())

    def free(self, kind: Kind, without: str | None = None) -> dict[str, int]:
        """The units that a new claim may take, where there are any: of all, or of all without one claim."""
        where = self.books.where(claim for name, claim in self.claims.items() if name != without)
        free = {name: self.books.free(units, name, kind) for name, units in where.items()}
        return {name: count for name, count in free.items() if count > 0}

    def open(self) -> list[str]:
        return [name for name, claim in self.claims.items() if not claim.is_final]

    def bring_forward(self, name: str, steps: int, data: st.DataObject) -> None:
        for _ in range(steps):
            claim = self.claims[name]
            if claim.kind in GOODS_COME_BACK and claim.state in (State.APPROVED, State.COLLECTING):
                self.take(name, data.draw(_parcels(claim)))
            elif claim.state is State.RECEIVED:
                self.take(name, data.draw(_inspections(claim)))
            else:
                any(self.take(name, step) for step in (YES, COMPLETE_REPAIR, RESHIP, CONFIRM_DELIVERY, pay_refunds))

    def request(self, kind: Kind, units: dict[str, int], amount: int | None = None) -> bool:
        name = f"claim {len(self.claims)}"
        command = request(kind, Reason.DEFECTIVE, units, requested_at=self.facts.now, claim_id=name, amount=amount)
        return self.take(name, command)

    def take(self, name: str, *steps: Step) -> bool:
        """Whether the engine accepted every step."""
        later = self.facts.now + timedelta(minutes=1)
        facts = replace(self.facts, refunds_outstanding=self.outstanding[name], now=later)
        story = Story(facts, self.claims.get(name)).when(*steps)
        if not story.refusals:
            self.claims[name], self.facts = story.claim, story.facts
            self.outstanding[name] = self.facts.refunds_outstanding
            self.books.enter(self.facts.order)
        return not story.refusals

    def finish(self, name: str, *, retract: bool = True) -> None:
        self.take(name, RELEASE)
        if retract and self.take(name, RETRACT):
            return
        self.take(name, YES)
        missing = {line.line_id: line.quantity - line.received for line in self.claims[name].lines}
        self.take(name, receive({line_id: count for line_id, count in missing.items() if count}))
        self.take(name, inspect({line.line_id: line.received for line in self.claims[name].lines}))
        for step in (COMPLETE_REPAIR, RESHIP, CONFIRM_DELIVERY, pay_refunds):
            self.take(name, step)
        assert self.claims[name].is_final

    def goods_paid_back(self, *line_ids: str | None) -> int:
        return sum(
            step.amount
            for claim in self.claims.values()
            for step in (claim.amounts.steps if claim.amounts else ())
            if step.code in GOODS and step.line_id in line_ids
        )


class OneOrderWithExchanges(OneOrder):
    """The same with exchanges and repairs, and with refunds of part of the price: shares move, their sum does not."""

    kinds = tuple(Kind)

    @rule(data=st.data(), amount=st.integers(1, 60))
    def give_part_of_the_price(self, data: st.DataObject, amount: int) -> None:
        if free := self.free(Kind.REFUND):
            units = {data.draw(st.sampled_from(sorted(free))): 1}
            self.request(Kind.REFUND, units, amount=amount)

    @invariant()
    def goods_are_paid_back_at_their_share(self) -> None:
        assert self.goods_paid_back(*self.books.quantity, None) <= self.books.goods


QUICK = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
LONG = settings(QUICK, max_examples=3_000, stateful_step_count=60, derandomize=False)

each_order = pytest.mark.parametrize("order", [OneOrder, OneOrderWithExchanges])


@each_order
def test_the_books_agree(order: type[OneOrder]) -> None:
    run_state_machine_as_test(order, settings=QUICK)


@pytest.mark.soak
@each_order
def test_the_books_agree_for_minutes(order: type[OneOrder]) -> None:
    run_state_machine_as_test(order, settings=LONG)
