"""Exchanges for something dearer or cheaper, what a buyer owes before the claim goes on, and conversion."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.commands import Convert, Reclassify
from app.engine.model.order import Payment
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Deduction, Fault, FeeCollection, HoldReason, Kind, Reason, State
from app.engine.policy.facts import Facts
from app.engine.policy.rules import Overtaken
from app.engine.timeouts import DeadlineName, next_timeout
from tests.engine.given import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    NO_FEES,
    POLICY,
    RELEASE,
    RESHIP,
    SELLER,
    SOON,
    SYSTEM,
    amounts_of,
    asks,
    at,
    delivered,
    facts,
    granted,
    inspects,
    line,
    order,
    pays,
    receives,
    refused,
    shipped,
    walked,
)

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
CONVERT = Convert(by=SELLER, note="Sold out.")
BACK = (APPROVE, receives(), inspects())
IN_ADVANCE = replace(NO_FEES, advance_exchange=True)
APART = replace(POLICY, fee_collection=FeeCollection.EXTRA_PAYMENT)


def swaps(unit_price: int | None, reason: Reason = BROKEN, **more: Any) -> Any:
    return asks(Kind.EXCHANGE, reason, replacement=replace(BLUE, unit_price=unit_price), **more)


def shirt(policy: Any = NO_FEES, **more: Any) -> Facts:
    return facts(order(delivered(line(unit_price=10_000, **more))), policy=policy)


def owed(claim: Claim) -> tuple[int, int, HoldReason | None]:
    amounts = amounts_of(claim)
    return amounts.total, amounts.buyer_owes, claim.hold.reason if claim.hold else None


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
    claim, now = walked(shirt(POLICY), swaps(unit_price, reason), *BACK)
    assert owed(claim) == expected
    assert now.refunds_outstanding == (expected[0] > 0)


def test_what_was_sent_is_worth_its_own_price_from_then_on() -> None:
    claim, now = walked(shirt(), swaps(12_000), *BACK, pays(2_000), RESHIP, CONFIRM_DELIVERY)
    sent = now.order.lines[-1]
    assert (claim.state, sent.unit_price, now.order.paid_for(sent)) == (State.EXCHANGED, 12_000, 12_000)
    units = {sent.line_id: 1}
    returned, now = walked(now, asks(Kind.RETURN, BROKEN, units, claim_id="later"), APPROVE, receives(units))
    returned, now = walked(now, inspects(units), claim=returned)
    assert amounts_of(returned).total == 12_000
    assert [(share.method, share.amount) for share in amounts_of(returned).shares] == [
        ("card", 10_000),
        ("bank_transfer", 2_000),
    ]


def test_a_price_without_tax_brings_its_tax() -> None:
    bought = order(delivered(line(unit_price=10_000, tax=1_000, tax_rate=1_000)), prices_include_tax=False)
    claim, _ = walked(facts(bought, policy=NO_FEES), swaps(12_000), *BACK)
    assert (owed(claim)[1], claim.lines[0].carried, claim.lines[0].carried_tax) == (2_200, 13_200, 1_200)


def test_a_discounted_unit_gives_up_what_was_paid_for_it() -> None:
    claim, _ = walked(shirt(discount=1_000), swaps(10_000), *BACK)
    assert [(step.code, step.amount) for step in amounts_of(claim).steps] == [
        (StepCode.GOODS, 9_000),
        (StepCode.REPLACEMENT, -10_000),
    ]


# What a buyer owes


def test_an_exchange_waits_until_its_fee_is_paid() -> None:
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK)
    assert refused(now, RESHIP, claim=claim) == [Code.ON_HOLD]
    claim, now = walked(now, pays(6_000), RESHIP, CONFIRM_DELIVERY, claim=claim)
    assert (claim.state, claim.buyer_payment and claim.buyer_payment.amount) == (State.EXCHANGED, 6_000)
    extra = Payment(payment_id="extra", method="bank_transfer", captured=6_000, settles=claim.claim_id)
    assert now.order.payments[-1] == extra


def test_a_seller_may_let_the_buyer_off() -> None:
    claim, _ = walked(shirt(POLICY), swaps(None, MIND), *BACK, RELEASE, RESHIP, CONFIRM_DELIVERY)
    assert (claim.state, claim.buyer_payment, amounts_of(claim).buyer_owes) == (State.EXCHANGED, None, 6_000)


@pytest.mark.parametrize("collection", [FeeCollection.EXTRA_PAYMENT, FeeCollection.REMIT])
def test_a_fee_that_is_collected_apart_leaves_the_refund_whole_and_comes_first(collection: FeeCollection) -> None:
    policy = replace(POLICY, fee_collection=collection)
    claim, now = walked(shirt(policy), asks(Kind.RETURN), *BACK)
    assert (owed(claim), amounts_of(claim).fee_collection) == (
        (10_000, 3_000, HoldReason.RETURN_FEE_UNPAID),
        collection,
    )
    assert (claim.state, now.refunds_outstanding) == (State.ACCEPTED, 0)
    claim, now = walked(now, pays(3_000), claim=claim)
    assert (claim.state, claim.hold, now.refunds_outstanding) == (State.ACCEPTED, None, 1)


def test_a_fee_that_is_not_paid_by_the_law_s_day_for_the_refund_comes_off_it() -> None:
    claim, now = walked(shirt(APART), asks(Kind.RETURN), *BACK)
    timeout = next_timeout(claim)
    assert timeout is not None
    assert (timeout.name, timeout.at) == (DeadlineName.HOLD_UNTIL, claim.deadlines.refund_due_by)
    claim, now = walked(now, at(timeout.at), timeout.command, claim=claim)
    assert owed(claim) == (7_000, 0, None)
    assert (claim.still_owed, now.refunds_outstanding, now.order.captured_left) == (0, 1, 3_000)


def test_a_fee_that_the_refund_does_not_cover_keeps_nothing_from_the_buyer() -> None:
    bought = facts(order(delivered(line(unit_price=2_000))), policy=APART)
    claim, now = walked(bought, asks(Kind.RETURN), *BACK)
    assert (owed(claim), next_timeout(claim)) == ((2_000, 3_000, HoldReason.RETURN_FEE_UNPAID), None)
    assert claim.still_owed == 3_000
    less = replace(now.order, payments=(Payment(payment_id="card", method="card", captured=10_000, refunded=9_000),))
    claim, now = walked(shirt(APART), asks(Kind.RETURN), *BACK)
    claim, now = walked(replace(now, order=less), replace(RELEASE, by=SYSTEM), claim=claim)
    assert (owed(claim)[:2], claim.hold and claim.hold.ends_at, now.refunds_outstanding) == (
        (10_000, 3_000),
        None,
        0,
    )


def test_the_law_s_day_for_the_refund_does_not_wait_for_the_buyer() -> None:
    held, _ = walked(shirt(APART), asks(Kind.RETURN), *BACK)
    deducted, _ = walked(shirt(POLICY), asks(Kind.RETURN), *BACK)
    assert held.deadlines.refund_due_on == deducted.deadlines.refund_due_on


def test_a_waiting_refund_is_spread_over_what_is_left_by_then() -> None:
    bought = order(delivered(line("1")), delivered(line("2")), payments={"points": 10_000, "card": 10_000})
    first, now = walked(facts(bought, policy=APART), asks(Kind.RETURN), *BACK)
    second = granted(Kind.REFUND, {"2": 1}, claim_id="second")
    _, now = walked(now, *second)
    first, now = walked(now, pays(3_000), claim=first)
    assert [(share.method, share.amount) for share in amounts_of(first).shares] == [("points", 10_000)]


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        (pays(5_999), Code.PAYMENT_DIFFERS),
        (pays(6_001), Code.PAYMENT_DIFFERS),
        (pays(6_000, "card"), Code.PAYMENT_ALREADY_TAKEN),
    ],
)
def test_a_payment_is_what_is_owed_under_an_id_of_its_own(payment: Any, code: Code) -> None:
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK)
    assert refused(now, payment, claim=claim) == [code]


def test_a_payment_that_the_order_has_already_is_counted_once() -> None:
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK)
    before = now.order.captured_left
    fee = Payment(payment_id="extra", method="bank_transfer", captured=6_000)
    reported = replace(now, order=replace(now.order, payments=(*now.order.payments, fee)))
    for known in (now, reported):
        paid_up, then = walked(known, pays(6_000), claim=claim)
        assert (paid_up.hold, then.order.captured_left) == (None, before + 6_000)
    for another in (replace(fee, method="points"), replace(fee, settles="another")):
        other = replace(now, order=replace(now.order, payments=(another,)))
        assert refused(other, pays(6_000), claim=claim) == [Code.PAYMENT_ALREADY_TAKEN]


def test_what_paid_for_the_goods_does_not_pay_a_fee_too() -> None:
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK)
    split = {"card": 4_000, "extra": 6_000}
    paid = tuple(Payment(payment_id=by, method="bank_transfer", captured=split[by]) for by in split)
    assert refused(replace(now, order=replace(now.order, payments=paid)), pays(6_000), claim=claim) == [
        Code.PAYMENT_IS_THE_ORDERS
    ]
    twice = (*paid, replace(paid[0], payment_id="twice", captured=6_000))
    walked(replace(now, order=replace(now.order, payments=twice)), pays(6_000, "twice"), claim=claim)


def test_a_difference_that_was_let_off_is_not_paid_back() -> None:
    """The replacement is worth what was given up for it, whenever it was sent."""
    for policy, steps in (
        (NO_FEES, (swaps(12_000), *BACK, RELEASE, RESHIP, CONFIRM_DELIVERY)),
        (IN_ADVANCE, (swaps(12_000), APPROVE, RESHIP, receives(), inspects(), RELEASE, CONFIRM_DELIVERY)),
    ):
        _, now = walked(shirt(policy), *steps)
        again = {now.order.lines[-1].line_id: 1}
        back = (APPROVE, receives(again), inspects(again))
        claim, _ = walked(now, asks(Kind.RETURN, BROKEN, units=again, claim_id="again"), *back)
        assert amounts_of(claim).total == 10_000


def test_the_hold_says_what_is_unpaid() -> None:
    """An exchange at the seller's fault has no fee; what is missing is not one."""
    missing = inspects(deductions={Deduction.MISSING_PARTS: 2_000})
    claim, _ = walked(shirt(POLICY), swaps(None), APPROVE, receives(), missing)
    assert owed(claim) == (0, 2_000, HoldReason.EXTRA_FEE_UNPAID)


def test_once_amounts_are_settled_the_fault_stays() -> None:
    broken = Reclassify(by=SELLER, reason=BROKEN, evidence=("photo-1",))
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK, pays(6_000))
    assert refused(now, broken, claim=claim) == [Code.AMOUNTS_SETTLED]
    other = Reclassify(by=SELLER, reason=Reason.SIZE_OR_COLOR)
    assert walked(now, other, claim=claim)[0].reason is Reason.SIZE_OR_COLOR


def test_nothing_is_paid_twice() -> None:
    claim, now = walked(shirt(POLICY), swaps(None, MIND), *BACK, pays(6_000))
    assert refused(now, pays(6_000), claim=claim) == [Code.NOTHING_OWED]
    assert refused(now, pays(6_000, "again"), claim=claim) == [Code.NOTHING_OWED]


# Paying back instead


@pytest.mark.parametrize("steps", [(), (APPROVE,), (APPROVE, receives())], ids=["asked", "approved", "received"])
def test_an_exchange_becomes_a_return_while_nothing_was_sent(steps: tuple[Any, ...]) -> None:
    claim, _ = walked(shirt(), swaps(None), *steps, CONVERT)
    assert claim.kind is Kind.RETURN
    assert claim.state is walked(shirt(), swaps(None), *steps)[0].state


def test_goods_that_were_accepted_are_paid_back_as_in_a_return() -> None:
    claim, now = walked(shirt(POLICY), swaps(None), *BACK, CONVERT)
    assert (claim.kind, claim.state, amounts_of(claim).total) == (Kind.RETURN, State.ACCEPTED, 10_000)
    units = now.order.lines[0].units
    assert (units.exchanged, units.returned, now.refunds_outstanding) == (0, 1, 1)


def test_what_the_buyer_paid_for_the_exchange_goes_back_with_it() -> None:
    claim, _ = walked(shirt(POLICY), swaps(12_000, MIND), *BACK, pays(8_000), CONVERT)
    assert {step.code: step.amount for step in amounts_of(claim).steps} == {
        StepCode.GOODS: 10_000,
        StepCode.BUYER_PAID: 8_000,
        StepCode.RETURN_FEE: -3_000,
    }


def test_once_a_difference_was_paid_back_the_exchange_goes_on() -> None:
    claim, now = walked(shirt(), swaps(7_000), *BACK)
    assert refused(now, CONVERT, claim=claim) == [Code.ALREADY_PAID_BACK]


# Who was at fault, and whose cost it is


def test_each_reclassification_is_on_record_and_the_amounts_follow() -> None:
    found = Reclassify(by=SELLER, reason=BROKEN, note="A crack.", evidence=("photo-1",))
    claim, now = walked(shirt(POLICY), asks(Kind.RETURN), found)
    (step,) = claim.reclassifications
    assert (step.by, step.reclassified_at, step.note, step.evidence) == (SELLER, now.now, "A crack.", ("photo-1",))
    assert (step.old_reason, step.old_fault, step.reason, step.fault) == (MIND, Fault.BUYER, BROKEN, Fault.SELLER)
    claim, _ = walked(now, *BACK, claim=claim)
    assert amounts_of(claim).total == 10_000


@pytest.mark.parametrize(
    ("overtaken", "paid_back"), [(Overtaken.RETURN_AT_SELLERS_COST, 10_000), (Overtaken.RETURN_BY_FAULT, 7_000)]
)
def test_whose_cost_an_overtaken_cancellation_is_the_policy_says(overtaken: Overtaken, paid_back: int) -> None:
    now = facts(order(line(unit_price=10_000)), policy=replace(POLICY, overtaken=overtaken))
    claim, _ = walked(now, asks(Kind.CANCEL), shipped(when=SOON), *BACK)
    assert (claim.kind, amounts_of(claim).total) == (Kind.RETURN, paid_back)
