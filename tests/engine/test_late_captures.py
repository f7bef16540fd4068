"""Money that is captured after a decision goes back. In whatever order money and claims come, the end is the same."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import late_money
from app.engine.amounts.line_values import remaining_value
from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.commands import AdjustRefund
from app.engine.model.order import Order, Payment
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Kind, Reason, State
from app.engine.policy.money_rules import Deposit, Fees
from app.engine.policy.policy import Policy
from tests.engine.commands import APPROVE, SYSTEM, adjust, inspect, receive, request
from tests.engine.orders import NO_FEES, capture, delivered_line, facts_of, line, order
from tests.engine.story import Step, Story, pay_refunds
from tests.engine.story import given as story_of

MIND = Reason.CHANGE_OF_MIND
CHEAP = replace(NO_FEES, fees=Fees(return_shipping=300))


class Shop:
    """One order, its claims, and payments that come when they like."""

    def __init__(self, bought: Order, policy: Policy) -> None:
        self.facts = facts_of(replace(bought, payments=()), policy=policy)
        self.claims: dict[str, Claim] = {}
        self.outstanding: Counter[str] = Counter()

    @property
    def order(self) -> Order:
        return self.facts.order

    def pay(self, amount: int) -> None:
        payment = Payment(payment_id=f"pay-{len(self.order.payments)}", method="card", captured=amount)
        self.facts = replace(self.facts, order=replace(self.order, payments=(*self.order.payments, payment)))
        self.owe_late_money()

    def owe_late_money(self) -> None:
        """Each turn but the last two ends a hold."""
        for _ in range(len(self.claims) + 2):
            for each in late_money(self.order, self.claims.values()):
                self.take(each.claim_id, adjust(each))
        assert not late_money(self.order, self.claims.values())

    def give_back(self, line_id: str, quantity: int) -> None:
        name, units = f"claim-{len(self.claims)}", {line_id: quantity}
        self.take(name, request(Kind.RETURN, MIND, units, claim_id=name), APPROVE, receive(units), inspect(units))

    def take(self, name: str, *steps: Step) -> None:
        facts = replace(self.facts, refunds_outstanding=self.outstanding[name])
        story = Story(facts, self.claims.get(name)).when(*steps)
        assert not story.refusals, story.refusals
        self.claims[name], self.facts = story.claim, story.facts
        self.outstanding[name] = story.refunds_outstanding

    def kept(self) -> int:
        """What the seller keeps for a reason: goods that stay, shipping, and the fees of the claims."""
        shares = self.order.discount_shares()
        goods = sum(remaining_value(each, self.order, shares) for each in self.order.lines)
        fees = sum(claim.amounts.amount_of(StepCode.RETURN_FEE) for claim in self.claims.values() if claim.amounts)
        return goods + self.order.shipping_paid - self.order.shipping_refunded - fees


@st.composite
def histories(draw: st.DrawFn) -> tuple[Order, list[tuple[str, int]], list[int]]:
    """An order, the units that come back, and the amounts that are captured. The last may be above the price."""
    lines = [
        delivered_line(str(n), quantity=draw(st.integers(1, 2)), unit_price=draw(st.integers(400, 3_000)))
        for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    bought = order(*lines, shipping_charged=draw(st.sampled_from([0, 250])))
    units = draw(st.permutations([(each.line_id, 1) for each in lines for _ in range(each.quantity)]))
    back = units[: draw(st.integers(1, len(units)))]
    cuts = sorted(draw(st.lists(st.integers(1, bought.price - 1), max_size=3, unique=True)))
    chunks = [later - earlier for earlier, later in zip([0, *cuts], [*cuts, bought.price], strict=True)]
    return bought, back, [*chunks, draw(st.sampled_from([0, 0, 7]))]


@settings(max_examples=250, deadline=None)
@given(history=histories(), data=st.data(), deposit=st.sampled_from(Deposit))
def test_in_whatever_order_money_and_claims_come_the_end_is_the_same(
    history: tuple[Order, list[tuple[str, int]], list[int]], data: st.DataObject, deposit: Deposit
) -> None:
    bought, back, captured = history
    policy = replace(CHEAP, deposit=deposit)
    paid_first, mixed = Shop(bought, policy), Shop(bought, policy)
    for amount in captured:
        paid_first.pay(amount)
    for line_id, quantity in back:
        paid_first.give_back(line_id, quantity)
    claims, payments = list(back), list(captured)
    while claims or payments:
        if data.draw(st.booleans()) if claims and payments else bool(payments):
            mixed.pay(payments.pop(0))
        else:
            mixed.give_back(*claims.pop(0))
    for shop in (paid_first, mixed):
        surplus = 0 if _all_is_back(shop.order) else captured[-1]
        assert shop.order.captured_left == shop.kept() + surplus
        assert shop.order.not_captured == 0
        assert not any(claim.hold for claim in shop.claims.values())
    assert totals(mixed) == totals(paid_first)


def _all_is_back(bought: Order) -> bool:
    return all(each.units.settled == each.quantity for each in bought.lines)


def totals(shop: Shop) -> list[int]:
    return [claim.amounts.total if claim.amounts else 0 for claim in shop.claims.values()]


def test_the_tax_of_what_was_missing_comes_with_the_money() -> None:
    bought = order(delivered_line(unit_price=11_000, tax=1_000), payments={"card": 1_000})
    story = story_of(bought, policy=NO_FEES).when(request(Kind.REFUND, Reason.DEFECTIVE), APPROVE)
    story.then(total=1_000, state=State.APPROVED)
    assert story.amounts.tax == 91
    story = replace(story, facts=replace(story.facts, order=capture(story.order, 10_000)))
    (late,) = late_money(story.order, [story.claim])
    story = story.when(adjust(late)).then(total=11_000, shares=[("card", 11_000)])
    assert story.amounts.tax == 1_000


@pytest.mark.parametrize("amount", [0, 5_001, 10_000])
def test_a_claim_owes_no_more_than_what_was_missing_and_has_come(amount: int) -> None:
    story = story_of(order(line(unit_price=10_000), payments={"card": 5_000})).when(request(Kind.CANCEL), APPROVE)
    paid = replace(story, facts=replace(story.facts, order=capture(story.order, 5_000)))
    refused = paid.when(AdjustRefund(by=SYSTEM, captured_later=amount))
    assert refused.codes == [Code.REFUND_EXCEEDS_CAPTURED]


def test_the_time_for_a_late_refund_begins_when_its_money_came() -> None:
    story = story_of(order(line(unit_price=10_000), payments={"card": 5_000})).when(
        request(Kind.CANCEL), APPROVE, pay_refunds
    )
    first_due = story.claim.deadlines.refund_due_on
    later = replace(story.facts, order=capture(story.order, 5_000), now=story.facts.now.replace(month=9))
    story = replace(story, facts=later).when(adjust(*late_money(later.order, [story.claim])))
    due = story.claim.deadlines.refund_due_on
    assert (first_due and first_due.month, due and due.month) == (6, 9)
    assert story.claim.approved_at
    assert story.claim.approved_at.month == 6


def test_money_that_a_debt_keeps_is_not_given_as_a_reversal_that_was_won() -> None:
    """The rest of the price comes while a buyer owes a fee. A claim whose money was reversed gets none of it."""
    bought = order(*(delivered_line(str(n), unit_price=1_000) for n in (1, 2, 3)), payments={"card": 2_000})
    story = story_of(bought).with_order(payments=(replace(bought.payments[0], reversed=2_000),))
    waits = story.when(request(Kind.REFUND, Reason.DEFECTIVE, {"1": 1}, claim_id="waits"), APPROVE)
    taken = waits.when(request(Kind.REFUND, Reason.DEFECTIVE, {"2": 1}, claim_id="taken"), APPROVE)
    owes = taken.when(
        request(Kind.EXCHANGE, MIND, {"3": 1}, claim_id="owes"), APPROVE, receive({"3": 1}), inspect({"3": 1})
    )
    claims = [waits.claim, taken.claim, owes.claim]
    assert (claims[0].amounts and claims[0].amounts.not_captured) == 1_000
    assert (claims[1].amounts and claims[1].amounts.reversed) == 1_000
    assert owes.claim.still_owed > 1_000
    paid = (*owes.order.payments, Payment(payment_id="late", method="card", captured=1_000))
    assert late_money(replace(owes.order, payments=paid), claims) == ()
    won = (replace(owes.order.payments[0], reversed=1_000), *paid[1:])
    (late,) = late_money(replace(owes.order, payments=won), claims)
    assert (late.claim_id, late.captured_later, late.reversal_won) == ("taken", 0, 1_000)
