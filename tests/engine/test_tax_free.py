"""The tax-free part of a refund, which some payment providers ask for: with every refund, and exact in the end."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.amounts.tax_free import tax_free_of
from app.engine.model.breakdown import PaymentShare
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.money_rules import Fees, LostDiscount
from tests.engine.commands import APPROVE, request
from tests.engine.orders import NO_FEES, delivered_line, line, order
from tests.engine.story import Story, full_refund
from tests.engine.story import given as story_of
from tests.engine.test_money_laws import worlds, worlds_with_fees

BOOK = delivered_line("book", unit_price=10_000, tax_rate=0)
MUG = delivered_line("mug", unit_price=20_000, tax_rate=1_000, tax=1_818)
FEE = replace(NO_FEES, fees=Fees(return_shipping=3_000))
UNKNOWN = delivered_line("unknown", unit_price=5_000)
TAXED = delivered_line("taxed", unit_price=5_000, tax_rate=0, tax=10)


def parts(shares: tuple[PaymentShare, ...]) -> dict[str, tuple[int, int]]:
    """The amount of each share, and its tax-free part."""
    return {share.payment_id: (share.amount, share.tax_free) for share in shares}


RETURNS = {
    "a tax-free line": (order(BOOK, MUG), ["book"], [(10_000, 10_000)]),
    "a taxed line": (order(BOOK, MUG), ["mug"], [(20_000, 0)]),
    "both": (order(BOOK, MUG), ["book", "mug"], [(30_000, 10_000)]),
    "a line whose rate is unknown": (order(BOOK, UNKNOWN), ["unknown"], [(5_000, 0)]),
    "a line with a tax in spite of its rate": (order(TAXED), ["taxed"], [(5_000, 0)]),
    "an order without tax": (order(MUG, UNKNOWN, tax_exempt=True), ["mug", "unknown"], [(25_000, 25_000)]),
    "tax-free shipping": (order(MUG, shipping_charged=2_000, shipping_tax_rate=0), ["mug"], [(22_000, 2_000)]),
    "taxed shipping": (order(BOOK, shipping_charged=2_000, shipping_tax=182), ["book"], [(12_000, 10_000)]),
    "a discount of the order": (order(BOOK, MUG, discount=3_000), ["book", "mug"], [(27_000, 9_000)]),
    "two payments": (
        order(BOOK, MUG, payments={"card": 12_000, "points": 18_000}),
        ["book", "mug"],
        [(18_000, 6_000), (12_000, 4_000)],
    ),
    "a part over": (
        order(BOOK, MUG, payments={"card": 20_001, "points": 9_999}),
        ["book", "mug"],
        [(9_999, 3_333), (20_001, 6_667)],
    ),
}


@pytest.mark.parametrize(("bought", "line_ids", "expected"), RETURNS.values(), ids=RETURNS)
def test_each_share_says_its_tax_free_part(bought: Order, line_ids: list[str], expected: list[tuple[int, int]]) -> None:
    story = story_of(bought, policy=NO_FEES)
    story = story.when(*full_refund(Kind.RETURN, dict.fromkeys(line_ids, 1)))
    assert sorted(parts(story.amounts.shares).values()) == sorted(expected)
    assert story.order.tax_free_refunded == sum(part for _, part in expected)


def test_a_fee_comes_from_the_taxed_part_first() -> None:
    story = story_of(order(BOOK, MUG), policy=FEE)
    both = story.when(*full_refund(Kind.RETURN, {"book": 1, "mug": 1}, Reason.CHANGE_OF_MIND))
    assert parts(both.amounts.shares) == {"card": (27_000, 10_000)}


def test_what_a_fee_kept_of_the_tax_free_part_goes_back_later() -> None:
    """No refund has more taxed money than the payment has left, which a provider would refuse."""
    story = story_of(order(BOOK), policy=FEE)
    story = story.when(*full_refund(Kind.RETURN, {"book": 1}, Reason.CHANGE_OF_MIND))
    assert parts(story.amounts.shares) == {"card": (7_000, 7_000)}
    fees = replace(request(Kind.REFUND, Reason.GOODWILL, {}, claim_id="goodwill"), lines=(), fees=3_000)
    story = story.when(fees, APPROVE)
    assert parts(story.amounts.shares) == {"card": (3_000, 3_000)}


def test_an_agreed_amount_has_the_part_of_its_lines() -> None:
    story = story_of(order(BOOK, MUG), policy=NO_FEES)
    agreed = request(Kind.REFUND, Reason.DEFECTIVE, {"book": 1, "mug": 1}, amount=3_001)
    story = story.when(agreed, APPROVE)
    assert parts(story.amounts.shares) == {"card": (3_001, 1_000)}


def tax_free_price(bought: Order) -> int:
    return sum(bought.paid_for(each) for each in bought.lines if each.tax_rate == 0 and not each.tax)


def _given_back(story: Story, data: st.DataObject) -> Story:
    """Every unit is returned, in any pieces."""
    for number in range(20):
        left = {each.line_id: each.untouched for each in story.order.lines if each.untouched}
        if not left:
            break
        names = data.draw(st.lists(st.sampled_from(sorted(left)), min_size=1, unique=True))
        units = {name: data.draw(st.integers(1, left[name])) for name in names}
        reason = data.draw(st.sampled_from([Reason.CHANGE_OF_MIND, Reason.DEFECTIVE]))
        story = story.when(*full_refund(Kind.RETURN, units, reason, f"claim-{number}"))
        _check(story)
    return story


def _check(story: Story) -> None:
    bought, shares = story.order, story.amounts.shares
    assert all(0 <= share.tax_free <= share.amount for share in shares)
    refunded = sum(payment.refunded for payment in bought.payments)
    price = tax_free_price(bought)
    assert 0 <= bought.tax_free_refunded <= price
    assert refunded - bought.tax_free_refunded <= bought.price - price
    whole, free = sum(share.amount for share in shares), tax_free_of(shares)
    for share in shares:
        assert abs(share.tax_free * whole - share.amount * free) < max(whole, 1)


@settings(max_examples=100, deadline=None)
@given(story=worlds(), data=st.data())
def test_the_tax_free_parts_of_all_refunds_sum_to_the_tax_free_price(story: Story, data: st.DataObject) -> None:
    story = _given_back(story.under(replace(story.facts.policy, lost_discount=NO_FEES.lost_discount)), data)
    assert story.order.tax_free_refunded == tax_free_price(story.order)


@settings(max_examples=100, deadline=None)
@given(story=worlds_with_fees(), data=st.data())
def test_no_fee_makes_the_refunds_have_more_of_either_part_than_was_paid(story: Story, data: st.DataObject) -> None:
    _given_back(story, data)


def test_a_line_that_was_cancelled_before_shipping_has_its_part() -> None:
    bought = order(line("book", unit_price=10_000, tax_rate=0), line("mug", unit_price=20_000, tax_rate=1_000))
    story = story_of(bought, policy=NO_FEES).when(*full_refund(Kind.CANCEL, {"book": 1}))
    assert parts(story.amounts.shares) == {"card": (10_000, 10_000)}


def test_a_discount_that_is_given_back_does_not_raise_the_tax_free_part_above_the_price() -> None:
    """The discount on the book was charged again with the mug, whose refund was less of taxed money."""
    bought = order(BOOK, MUG, discount=3_000, discount_minimum=15_000)
    story = story_of(bought, policy=replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE))
    story = story.when(*full_refund(Kind.RETURN, {"mug": 1}, Reason.CHANGE_OF_MIND))
    assert parts(story.amounts.shares) == {"card": (17_000, 0)}
    story = story.when(*full_refund(Kind.RETURN, {"book": 1}, Reason.CHANGE_OF_MIND))
    assert parts(story.amounts.shares) == {"card": (10_000, 9_000)}
