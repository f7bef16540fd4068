"""Exchanges for other prices, what a buyer owes before the claim goes on, and conversion to a return."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine import DeadlineName, next_timeout
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import Convert, Reclassify
from app.engine.model.order import Payment
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Deduction, Fault, FeeCollection, HoldReason, Kind, Reason, State
from app.engine.policy.rules import Overtaken
from tests.engine.commands import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    RELEASE,
    RESHIP,
    SELLER,
    SYSTEM,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, POLICY, SOON, delivered_line, line, order
from tests.engine.story import Story, full_refund, given, ship, wait_until

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
CONVERT = Convert(by=SELLER, note="Sold out.")
BACK = (APPROVE, receive(), inspect())
IN_ADVANCE = replace(NO_FEES, advance_exchange=True)
APART = replace(POLICY, fee_collection=FeeCollection.EXTRA_PAYMENT)


def exchange_for(unit_price: int | None, reason: Reason = BROKEN, **more: Any) -> Any:
    return request(Kind.EXCHANGE, reason, replacement=replace(BLUE, unit_price=unit_price), **more)


def shirt(policy: Any = NO_FEES, **more: Any) -> Story:
    return given(order(delivered_line(unit_price=10_000, **more)), policy=policy)


def debts(story: Story) -> tuple[int, int, HoldReason | None]:
    """The refund, what the buyer owes, and the reason of the hold."""
    return story.total, story.buyer_owes, story.claim.hold.reason if story.claim.hold else None


# A price of its own


@pytest.mark.parametrize(
    ("unit_price", "reason", "expected"),
    [
        (None, BROKEN, (0, 0, None)),
        (10_000, BROKEN, (0, 0, None)),
        (7_000, BROKEN, (3_000, 0, None)),
        (12_000, BROKEN, (0, 2_000, HoldReason.EXTRA_FEE_UNPAID)),
        (None, MIND, (0, 6_000, HoldReason.EXCHANGE_FEE_UNPAID)),
        (9_000, MIND, (0, 5_000, HoldReason.EXCHANGE_FEE_UNPAID)),
        (12_000, MIND, (0, 8_000, HoldReason.EXTRA_FEE_UNPAID)),
        (1_000, MIND, (3_000, 0, None)),
    ],
)
def test_the_difference_is_settled_with_the_fee(unit_price: int | None, reason: Reason, expected: Any) -> None:
    story = shirt(POLICY).when(exchange_for(unit_price, reason), *BACK)
    assert debts(story) == expected
    story.then(refunds_outstanding=expected[0] > 0)


def test_what_was_sent_is_worth_its_own_price_from_then_on() -> None:
    story = shirt().when(exchange_for(12_000), *BACK, pay(2_000), RESHIP, CONFIRM_DELIVERY)
    replacement_line = story.order.lines[-1]
    assert (story.claim.state, replacement_line.unit_price, story.order.paid_for(replacement_line)) == (
        State.EXCHANGED,
        12_000,
        12_000,
    )
    units = {replacement_line.line_id: 1}
    back = (request(Kind.RETURN, BROKEN, units, claim_id="later"), APPROVE, receive(units), inspect(units))
    story.when(*back).then(total=12_000, shares=[("card", 10_000), ("bank_transfer", 2_000)])


def test_a_price_without_tax_brings_its_tax() -> None:
    bought = order(delivered_line(unit_price=10_000, tax=1_000, tax_rate=1_000), prices_include_tax=False)
    story = given(bought, policy=NO_FEES).when(exchange_for(12_000), *BACK)
    assert (debts(story)[1], story.claim.lines[0].carried, story.claim.lines[0].carried_tax) == (
        2_200,
        13_200,
        1_200,
    )


def test_a_discounted_unit_gives_up_what_was_paid_for_it() -> None:
    story = shirt(discount=1_000).when(exchange_for(10_000), *BACK)
    assert [(step.code, step.amount) for step in story.amounts.steps] == [
        (StepCode.GOODS, 9_000),
        (StepCode.REPLACEMENT, -10_000),
    ]


# What a buyer owes


def test_an_exchange_waits_until_its_fee_is_paid() -> None:
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK)
    story.when(RESHIP).then(refused=[Code.ON_HOLD])
    story = story.when(pay(6_000), RESHIP, CONFIRM_DELIVERY)
    assert (story.claim.state, story.claim.buyer_payment and story.claim.buyer_payment.amount) == (
        State.EXCHANGED,
        6_000,
    )
    extra = story.order.payments[-1]
    assert (extra.payment_id, extra.captured, extra.settles) == ("extra", 6_000, story.claim.claim_id)


def test_a_seller_may_waive_what_the_buyer_owes() -> None:
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK, RELEASE, RESHIP, CONFIRM_DELIVERY)
    assert (story.claim.state, story.claim.buyer_payment, story.amounts.buyer_owes) == (State.EXCHANGED, None, 6_000)


@pytest.mark.parametrize("collection", [FeeCollection.EXTRA_PAYMENT, FeeCollection.REMIT])
def test_a_fee_that_is_collected_apart_leaves_the_refund_whole_and_comes_first(collection: FeeCollection) -> None:
    policy = replace(POLICY, fee_collection=collection)
    story = shirt(policy).when(request(Kind.RETURN), *BACK)
    assert (debts(story), story.amounts.fee_collection) == (
        (10_000, 3_000, HoldReason.RETURN_FEE_UNPAID),
        collection,
    )
    story.then(state=State.ACCEPTED, refunds_outstanding=0)
    story = story.when(pay(3_000))
    assert (story.claim.state, story.claim.hold, story.facts.refunds_outstanding) == (State.ACCEPTED, None, 1)


def test_a_fee_that_is_not_paid_by_the_law_s_day_for_the_refund_comes_off_it() -> None:
    story = shirt(APART).when(request(Kind.RETURN), *BACK)
    timeout = next_timeout(story.claim)
    assert timeout is not None
    assert (timeout.name, timeout.at) == (DeadlineName.HOLD_UNTIL, story.claim.deadlines.refund_due_by)
    story = story.when(wait_until(timeout.at), timeout.command)
    assert debts(story) == (7_000, 0, None)
    assert (story.claim.still_owed, story.facts.refunds_outstanding, story.order.captured_left) == (0, 1, 3_000)


def test_a_fee_that_the_refund_does_not_cover_keeps_nothing_from_the_buyer() -> None:
    story = given(order(delivered_line(unit_price=2_000)), policy=APART).when(request(Kind.RETURN), *BACK)
    assert (debts(story), next_timeout(story.claim)) == ((2_000, 3_000, HoldReason.RETURN_FEE_UNPAID), None)
    assert story.claim.still_owed == 3_000
    nearly_refunded = Payment(payment_id="card", method="card", captured=10_000, refunded=9_000)
    story = shirt(APART).when(request(Kind.RETURN), *BACK).with_order(payments=(nearly_refunded,))
    story = story.when(replace(RELEASE, by=SYSTEM))
    assert (debts(story)[:2], story.claim.hold and story.claim.hold.ends_at, story.facts.refunds_outstanding) == (
        (10_000, 3_000),
        None,
        0,
    )


def test_the_law_s_day_for_the_refund_does_not_wait_for_the_buyer() -> None:
    held_story = shirt(APART).when(request(Kind.RETURN), *BACK)
    deducted = shirt(POLICY).when(request(Kind.RETURN), *BACK)
    assert held_story.claim.deadlines.refund_due_on == deducted.claim.deadlines.refund_due_on


def test_a_waiting_refund_is_spread_over_what_is_left_by_then() -> None:
    bought = order(delivered_line("1"), delivered_line("2"), payments={"points": 10_000, "card": 10_000})
    first = given(bought, policy=APART).when(request(Kind.RETURN), *BACK)
    second = full_refund(Kind.REFUND, {"2": 1}, claim_id="second")
    first.when(*second).with_claim(first.claim).when(pay(3_000)).then(shares=[("points", 10_000)])


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        (pay(5_999), Code.PAYMENT_DIFFERS),
        (pay(6_001), Code.PAYMENT_DIFFERS),
        (pay(6_000, "card"), Code.PAYMENT_ALREADY_TAKEN),
    ],
)
def test_a_payment_is_what_is_owed_under_an_id_of_its_own(payment: Any, code: Code) -> None:
    shirt(POLICY).when(exchange_for(None, MIND), *BACK).when(payment).then(refused=[code])


def test_a_payment_that_the_order_has_already_is_counted_once() -> None:
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK)
    before = story.order.captured_left
    fee = Payment(payment_id="extra", method="bank_transfer", captured=6_000)
    reported = story.with_order(payments=(*story.order.payments, fee))
    for unpaid in (story, reported):
        paid_up = unpaid.when(pay(6_000))
        assert (paid_up.claim.hold, paid_up.order.captured_left) == (None, before + 6_000)
    for another in (replace(fee, method="points"), replace(fee, settles="another")):
        story.with_order(payments=(another,)).when(pay(6_000)).then(refused=[Code.PAYMENT_ALREADY_TAKEN])


def test_what_paid_for_the_goods_does_not_pay_a_fee_too() -> None:
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK)
    split = {"card": 4_000, "extra": 6_000}
    paid = tuple(Payment(payment_id=by, method="bank_transfer", captured=split[by]) for by in split)
    story.with_order(payments=paid).when(pay(6_000)).then(refused=[Code.PAYMENT_IS_THE_ORDERS])
    twice = (*paid, replace(paid[0], payment_id="twice", captured=6_000))
    story.with_order(payments=twice).when(pay(6_000, "twice")).then()


def test_a_waived_difference_is_not_paid_back() -> None:
    """The replacement has the value of the units given for it, whenever it was sent."""
    for policy, steps in (
        (NO_FEES, (exchange_for(12_000), *BACK, RELEASE, RESHIP, CONFIRM_DELIVERY)),
        (IN_ADVANCE, (exchange_for(12_000), APPROVE, RESHIP, receive(), inspect(), RELEASE, CONFIRM_DELIVERY)),
    ):
        story = shirt(policy).when(*steps)
        again = {story.order.lines[-1].line_id: 1}
        back = (APPROVE, receive(again), inspect(again))
        story.when(request(Kind.RETURN, BROKEN, units=again, claim_id="again"), *back).then(total=10_000)


def test_the_hold_says_what_is_unpaid() -> None:
    """An exchange at the seller's fault has no fee; what is missing is not one."""
    missing = inspect(deductions={Deduction.MISSING_PARTS: 2_000})
    story = shirt(POLICY).when(exchange_for(None), APPROVE, receive(condition=Condition.INCOMPLETE), missing)
    assert debts(story) == (0, 2_000, HoldReason.EXTRA_FEE_UNPAID)


def test_once_amounts_are_settled_the_fault_stays() -> None:
    broken = Reclassify(by=SELLER, reason=BROKEN, evidence=("photo-1",))
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK, pay(6_000))
    story.when(broken).then(refused=[Code.AMOUNTS_SETTLED])
    other = Reclassify(by=SELLER, reason=Reason.SIZE_OR_COLOR)
    assert story.when(other).claim.reason is Reason.SIZE_OR_COLOR


def test_no_payment_counts_twice() -> None:
    story = shirt(POLICY).when(exchange_for(None, MIND), *BACK, pay(6_000))
    story.when(pay(6_000)).then(refused=[Code.NOTHING_OWED])
    story.when(pay(6_000, "again")).then(refused=[Code.NOTHING_OWED])


# Paying back instead


@pytest.mark.parametrize("steps", [(), (APPROVE,), (APPROVE, receive())], ids=["asked", "approved", "received"])
def test_an_exchange_becomes_a_return_while_nothing_was_sent(steps: tuple[Any, ...]) -> None:
    exchange = shirt().when(exchange_for(None), *steps)
    exchange.when(CONVERT).then(kind=Kind.RETURN, state=exchange.state)


def test_goods_that_were_accepted_are_paid_back_as_in_a_return() -> None:
    story = (
        shirt(POLICY)
        .when(exchange_for(None), *BACK, CONVERT)
        .then(kind=Kind.RETURN, state=State.ACCEPTED, total=10_000)
    )
    units = story.order.lines[0].units
    assert (units.exchanged, units.returned, story.facts.refunds_outstanding) == (0, 1, 1)


def test_what_the_buyer_paid_for_the_exchange_goes_back_with_it() -> None:
    shirt(POLICY).when(exchange_for(12_000, MIND), *BACK, pay(8_000), CONVERT).then(
        steps={
            StepCode.GOODS: 10_000,
            StepCode.BUYER_PAID: 8_000,
            StepCode.RETURN_FEE: -3_000,
        }
    )


def test_once_a_difference_was_paid_back_the_exchange_goes_on() -> None:
    shirt().when(exchange_for(7_000), *BACK).when(CONVERT).then(refused=[Code.ALREADY_PAID_BACK])


# Who was at fault, and whose cost it is


def test_each_reclassification_is_on_record_and_the_amounts_follow() -> None:
    reclassify = Reclassify(by=SELLER, reason=BROKEN, note="A crack.", evidence=("photo-1",))
    story = shirt(POLICY).when(request(Kind.RETURN), reclassify)
    (step,) = story.claim.reclassifications
    assert (step.by, step.reclassified_at, step.note, step.evidence) == (
        SELLER,
        story.facts.now,
        "A crack.",
        ("photo-1",),
    )
    assert (step.old_reason, step.old_fault, step.reason, step.fault) == (MIND, Fault.BUYER, BROKEN, Fault.SELLER)
    story.when(*BACK).then(total=10_000)


@pytest.mark.parametrize(
    ("overtaken", "paid_back"), [(Overtaken.RETURN_AT_SELLERS_COST, 10_000), (Overtaken.RETURN_BY_FAULT, 7_000)]
)
def test_whose_cost_an_overtaken_cancellation_is_the_policy_says(overtaken: Overtaken, paid_back: int) -> None:
    given(order(line(unit_price=10_000)), policy=replace(POLICY, overtaken=overtaken)).when(
        request(Kind.CANCEL), ship(when=SOON), *BACK
    ).then(kind=Kind.RETURN, total=paid_back)
