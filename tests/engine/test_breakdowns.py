"""What a breakdown sums up, and how it is paid out: what was captured, whole steps, shares and their tax-free parts."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine import standing_of
from app.engine.amounts.parcel_fees import may_share_a_parcel
from app.engine.amounts.refund_breakdown import merge_shares, split_over_payments
from app.engine.amounts.tax_free import split_tax_free, with_tax_free
from app.engine.model.breakdown import PaymentShare, StepCode, step
from app.engine.model.order import Order, Payment, Units
from app.engine.model.vocabulary import FeeCollection, Kind, Reason
from app.engine.policy.money_rules import Fees
from tests.engine.commands import APPROVE, COMPLETE_REPAIR, EXPIRE, RETRACT, inspect, pay, receive, request
from tests.engine.orders import NO_FEES, TOO_LATE, delivered_line, order
from tests.engine.story import Story, full_refund, given, wait_until

BROKEN, MIND = Reason.DEFECTIVE, Reason.CHANGE_OF_MIND
FEES_APART = replace(NO_FEES, fees=Fees(return_shipping=300), fee_collection=FeeCollection.REMIT)
BOOK = delivered_line("book", unit_price=10_000, tax_rate=0)
MUG = delivered_line("mug", unit_price=20_000, tax_rate=1_000, tax=1_818)


def share(payment_id: str, amount: int, tax_free: int = 0, method: str = "card") -> PaymentShare:
    return PaymentShare(payment_id=payment_id, method=method, amount=amount, tax_free=tax_free)


def with_payments(bought: Order, *payments: Payment) -> Order:
    return replace(bought, payments=payments)


def payment(payment_id: str, captured: int, method: str = "card", **more: Any) -> Payment:
    return Payment(payment_id=payment_id, method=method, captured=captured, **more)


# The sums


def test_a_claim_that_has_ended_without_a_payment_is_worth_nothing() -> None:
    story = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN, BROKEN))
    assert standing_of(story.claim, story.facts).amounts.total == 10_000
    ended = story.when(RETRACT)
    amounts = standing_of(ended.claim, ended.facts).amounts
    assert (amounts.total, amounts.buyer_owes, amounts.steps, amounts.currency) == (0, 0, (), "KRW")


def test_what_was_not_captured_has_its_share_of_the_tax_of_all_lines() -> None:
    """Half of 20,000 was captured, so half of 1,500 of tax is missing."""
    lines = delivered_line("1", tax=900), delivered_line("2", tax=600)
    story = given(order(*lines, payments={"card": 10_000}), policy=NO_FEES)
    story = story.when(*full_refund(Kind.RETURN, {"1": 1, "2": 1}))
    (missing,) = [each for each in story.amounts.steps if each.code is StepCode.NOT_CAPTURED]
    assert (missing.amount, missing.tax, story.amounts.tax) == (-10_000, -750, 750)


# The payments


def test_payments_take_the_refund_in_the_order_of_the_policy_and_unknown_methods_last() -> None:
    captured = (
        payment("gift", 1_000, "gift_card"),
        payment("points", 1_000, "points"),
        payment("card", 1_000),
        payment("other", 1_000, "barter"),
    )
    bought = with_payments(order(delivered_line()), *captured)
    shares = split_over_payments(3_500, bought, NO_FEES)
    assert [(each.payment_id, each.amount) for each in shares] == [
        ("card", 1_000),
        ("points", 1_000),
        ("gift", 1_000),
        ("other", 500),
    ]


@pytest.mark.parametrize(
    ("step_of_payment", "total", "paid"), [(1, 5, 5), (2, 5, 6), (2, 1, 2), (3, 1, None), (3, 0, None), (3, -2, None)]
)
def test_a_share_is_rounded_half_up_to_the_steps_of_its_payment(
    step_of_payment: int, total: int, paid: int | None
) -> None:
    bought = with_payments(order(delivered_line()), payment("card", 100, payable_step=step_of_payment))
    shares = split_over_payments(total, bought, NO_FEES)
    assert [each.amount for each in shares] == ([] if paid is None else [paid])


def waiting(**payments: Payment) -> Story:
    """A refund of 10,000 waits for the buyer's fee of 300. Then the payments of the order become these."""
    story = given(order(delivered_line()), policy=FEES_APART).when(request(Kind.RETURN, MIND), APPROVE, receive())
    return story.when(inspect()).then(total=10_000, buyer_owes=300).with_order(payments=tuple(payments.values()))


def test_a_refund_that_waited_is_paid_from_what_the_payments_have_now() -> None:
    paid = waiting(card=payment("card", 10_000)).when(pay(300))
    assert (paid.total, paid.shares, paid.order.rounded) == (10_000, [("card", 10_000)], 0)


def test_a_refund_that_waited_is_cut_to_what_was_captured() -> None:
    """The bank took 4,000 while the refund waited, and has paid them back. The buyer's 300 are the seller's."""
    paid = waiting(card=payment("card", 10_000, reversed=4_000)).when(pay(300))
    paid.then(total=6_000, steps={"goods": 10_000, "return_fee": -300, "reversed": -4_000})


@pytest.mark.parametrize(("captured", "rounded", "missing"), [(10_000, 0, 0), (9_970, 40, 0), (10_010, -40, 30)])
def test_a_refund_that_waited_finds_what_other_refunds_were_rounded_by(
    captured: int, rounded: int, missing: int
) -> None:
    """A refund that paid 40 too little has left them for the others."""
    story = waiting(card=payment("card", captured)).with_order(rounded=rounded).when(pay(300))
    assert story.amounts.not_captured == missing
    assert story.total == 10_000 - missing - rounded


def test_a_refund_that_waited_is_paid_in_whole_steps() -> None:
    story = waiting(card=payment("card", 30_000, payable_step=7_000)).when(pay(300))
    assert (story.total, story.shares, story.order.rounded) == (7_000, [("card", 7_000)], -3_000)
    assert story.steps["rounding"] == -3_000


def test_two_shares_of_a_payment_are_one_with_the_tax_free_parts_of_both() -> None:
    earlier = (share("a", 100, 40), share("b", 50, 10))
    assert merge_shares(earlier, (share("b", 25, 5), share("c", 1))) == (
        share("a", 100, 40),
        share("b", 75, 15),
        share("c", 1),
    )
    assert merge_shares(earlier, (share("a", -100, -40),)) == (share("b", 50, 10),)


# The tax-free parts


def test_a_rounding_changes_the_tax_free_part_with_all_the_rest() -> None:
    bought = order(BOOK, MUG)
    steps = [step(StepCode.GOODS, 10_000, line_id="book"), step(StepCode.GOODS, 20_000, line_id="mug")]
    for changes, tax_free in (((), 10_000), ((-3_000,), 9_000), ((-3_000, -6_000), 7_000), ((3_000,), 10_000)):
        changed = [*steps, *(step(StepCode.ROUNDING, change) for change in changes)]
        total = 30_000 + sum(changes)
        assert with_tax_free((share("card", total),), changed, bought) == (share("card", total, tax_free),)


def test_a_refund_in_whole_steps_has_less_of_the_tax_free_part_if_it_is_rounded_down() -> None:
    """30,400 are refunded as 30,000, and 9,868 of the 10,000 are in them."""
    bought = order(BOOK, delivered_line("mug", unit_price=20_400, tax_rate=1_000), delivered_line("3"))
    bought = with_payments(bought, payment("card", 40_400, payable_step=1_000))
    story = given(bought, policy=NO_FEES).when(*full_refund(Kind.RETURN, {"book": 1, "mug": 1}))
    assert [(each.amount, each.tax_free) for each in story.amounts.shares] == [(30_000, 9_868)]


def test_what_earlier_shares_of_a_claim_had_of_the_tax_free_part_is_not_given_twice() -> None:
    steps = [step(StepCode.GOODS, 10_000, line_id="book"), step(StepCode.GOODS, 20_000, line_id="mug")]
    assert with_tax_free((share("card", 15_000),), steps, order(BOOK, MUG), given=4_000) == (
        share("card", 15_000, 6_000),
    )


def test_several_steps_of_a_line_are_one_value() -> None:
    """The discount that was charged again for the book comes back with the book."""
    steps = [
        step(StepCode.GOODS, 9_000, line_id="book"),
        step(StepCode.DISCOUNT_RESTORED, 500, line_id="book"),
        step(StepCode.GOODS, 20_000, line_id="mug"),
    ]
    assert with_tax_free((share("card", 15_000),), steps, order(BOOK, MUG)) == (share("card", 15_000, 9_500),)


def test_the_tax_free_part_of_a_line_is_its_amount() -> None:
    steps = [step(StepCode.GOODS, 10_000, line_id="book")]
    books = order(BOOK, delivered_line("other", unit_price=10_000, tax_rate=0), MUG)
    assert with_tax_free((share("card", 15_000),), steps, books) == (share("card", 15_000, 10_000),)


@pytest.mark.parametrize(
    ("bought", "amount", "asked", "tax_free"),
    [
        (order(BOOK, MUG), 30_000, 0, 10_000),
        (order(BOOK, MUG), 21_000, 0, 1_000),
        (order(BOOK, MUG), 15_000, 12_000, 10_000),
        (order(BOOK, MUG, tax_free_refunded=4_000), 15_000, 12_000, 6_000),
        (
            with_payments(order(BOOK, MUG, tax_free_refunded=4_000), payment("card", 30_000, refunded=9_000)),
            20_000,
            0,
            5_000,
        ),
        (
            with_payments(order(BOOK, MUG), payment("card", 30_000), payment("debt", 500, settles="claim")),
            30_500,
            12_000,
            10_500,
        ),
        (
            with_payments(order(BOOK, MUG), payment("card", 30_000), payment("debt", 500, settles="claim")),
            30_500,
            0,
            10_000,
        ),
        (with_payments(order(BOOK, MUG), payment("card", 30_700)), 30_700, 0, 10_000),
        (with_payments(order(BOOK, MUG), payment("card", 25_000)), 25_000, 0, 5_000),
    ],
    ids=[
        "all of it",
        "no more taxed money than was paid",
        "no more tax-free money than was paid",
        "some of it went back",
        "some of both went back",
        "the payment of a debt may be tax-free",
        "the payment of a debt may be taxed",
        "a surplus is taxed",
        "a part of the price is missing",
    ],
)
def test_no_refund_has_more_of_either_part_than_the_order_has_left(
    bought: Order, amount: int, asked: int, tax_free: int
) -> None:
    assert split_tax_free((share("card", amount),), asked, bought) == (share("card", amount, tax_free),)


def test_shipping_is_tax_free_only_at_a_rate_of_nothing_and_without_a_tax() -> None:
    for rate, tax, tax_free in ((0, 0, 2_000), (0, 10, 0), (None, 0, 0), (1_000, 0, 0)):
        bought = order(MUG, shipping_charged=2_000, shipping_tax_rate=rate, shipping_tax=tax)
        story = given(bought, policy=NO_FEES).when(*full_refund(Kind.RETURN, {"mug": 1}))
        assert [each.tax_free for each in story.amounts.shares] == [tax_free]


# The parcel


def test_a_fee_can_be_another_claims_only_while_it_is_not_fixed_and_goods_of_the_order_are_back() -> None:
    with_goods_back = (delivered_line("1", quantity=2), delivered_line("2", quantity=1, units=Units(returned=1)))
    exchanged = (delivered_line("1", quantity=2), delivered_line("2", quantity=1, units=Units(exchanged=1)))
    alone = (delivered_line("1", quantity=2), delivered_line("2"))

    def may(kind: Kind, *steps: Any, lines: tuple[Any, ...] = with_goods_back) -> bool:
        story = given(order(*lines), policy=NO_FEES).when(request(kind, BROKEN), *steps)
        return may_share_a_parcel(story.claim, story.order)

    back = (APPROVE, receive(), inspect())
    assert [may(kind, APPROVE) for kind in (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR)] == [True] * 3
    assert may(Kind.RETURN, APPROVE, lines=exchanged)
    assert not may(Kind.RETURN, APPROVE, lines=alone)
    assert not may(Kind.RETURN)
    assert not may(Kind.REFUND, APPROVE)
    assert not may(Kind.RETURN, *back)
    assert may(Kind.EXCHANGE, *back)
    assert may(Kind.REPAIR, *back, COMPLETE_REPAIR)
    assert not may(Kind.RETURN, APPROVE, RETRACT)
    assert not may(Kind.RETURN, APPROVE, wait_until(TOO_LATE), EXPIRE)
