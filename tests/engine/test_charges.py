"""The charges of a claim to the last unit: shipping and fees, each with its tax and its source."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine import Quote, quote
from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order
from app.engine.model.vocabulary import Condition, Deduction, Fault, Kind, Reason
from app.engine.policy.facts import ParcelFee
from app.engine.policy.money_rules import DeductionRule, Fees
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Overtaken
from tests.engine.commands import APPROVE, DISPATCH, PARCEL, inspect, receive, request
from tests.engine.orders import NO_FEES, delivered_line, line, order
from tests.engine.story import Story, full_refund, given, ship

CANCEL, RETURN, REFUND = Kind.CANCEL, Kind.RETURN, Kind.REFUND
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
TAXED = replace(NO_FEES, fees=Fees(outbound=3_000, tax_rate=1_000, citation="price list"))
SHIPPING_LAW = TAXED.shipping.citation
RESTOCKED = replace(NO_FEES, fees=Fees(restocking_percent=10))
ONLY_STANDARD = replace(
    NO_FEES,
    shipping=replace(NO_FEES.shipping, outbound_refunded_at=frozenset(Fault), standard_delivery_only=True),
)


def charged(**more: Any) -> Order:
    """Goods for 30,000 and shipping for 3,000, with a tax of 10 % in both."""
    goods = delivered_line(unit_price=30_000, tax=2_727)
    return order(goods, **{"shipping_charged": 3_000, "shipping_tax": 273, **more})


def taxed_steps(story: Story) -> dict[str, tuple[int, int, str | None]]:
    """Amount, tax and citation of each step but the goods and what was not captured."""
    others = (StepCode.GOODS, StepCode.NOT_CAPTURED)
    steps = [each for each in story.amounts.steps if each.code not in others]
    return {each.code: (each.amount, each.tax, each.citation) for each in steps}


@pytest.mark.parametrize(
    ("bought", "steps"),
    [
        (charged(), {"shipping": (3_000, 273, SHIPPING_LAW)}),
        (charged(shipping_refunded=1_000), {"shipping": (2_000, 273 - 91, SHIPPING_LAW)}),
        (charged(shipping_charged=0, outbound_charged=1_500), {"outbound_returned": (1_500, 137, SHIPPING_LAW)}),
        (
            charged(outbound_charged=3_300, prices_include_tax=False),
            {"shipping": (3_273, 273, SHIPPING_LAW), "outbound_returned": (3_300, 300, SHIPPING_LAW)},
        ),
    ],
    ids=["shipping", "the rest of the shipping", "shipping that was charged later", "tax on top"],
)
def test_an_order_that_was_for_nothing_gets_its_shipping_back_with_the_tax(
    bought: Order, steps: dict[str, tuple[int, int, str | None]]
) -> None:
    assert taxed_steps(given(bought, policy=TAXED).when(*full_refund(RETURN))) == steps


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        ({"shipping": 500}, {"shipping": (500, 46, None)}),
        ({"shipping": 2_000}, {"shipping": (2_000, 182, None)}),
        ({"shipping": 3_500}, {"shipping": (2_000, 182, None), "outbound_returned": (1_500, 137, None)}),
        ({"fees": 1_100}, {"fees_returned": (1_100, 100, None)}),
        ({"shipping": 1, "fees": 1}, {"shipping": (1, 0, None), "fees_returned": (1, 0, None)}),
    ],
)
def test_charges_are_given_back_without_goods_the_first_shipping_first(
    asked: dict[str, Any], steps: dict[str, tuple[int, int, str | None]]
) -> None:
    """1,000 of the shipping went back before. An earlier claim charged 2,000 of shipping, and 3,000 of fees."""
    bought = charged(shipping_refunded=1_000, outbound_charged=2_000, fees_charged=3_000)
    story = given(bought, policy=TAXED).when(request(REFUND, Reason.GOODWILL, {}, **asked), APPROVE)
    assert taxed_steps(story) == steps
    story.then(total=sum(asked.values()))


def test_the_standard_delivery_has_its_tax_within_where_prices_include_tax() -> None:
    bought = charged(shipping_charged=2_000, shipping_tax=200, standard_shipping=500)
    story = given(bought, policy=ONLY_STANDARD).when(*full_refund(RETURN, reason=MIND))
    assert taxed_steps(story) == {"standard_shipping": (500, 50, SHIPPING_LAW)}


@pytest.mark.parametrize(
    ("policy", "shipping"),
    [
        (ONLY_STANDARD, {"shipping": 2_000}),
        (replace(ONLY_STANDARD, overtaken=Overtaken.RETURN_BY_FAULT), {"standard_shipping": 500}),
    ],
    ids=["the seller sent it all the same", "the buyer is at fault"],
)
def test_goods_that_left_during_a_cancellation_go_back_at_the_cost_of_the_one_at_fault(
    policy: Policy, shipping: dict[str, int]
) -> None:
    bought = order(line(unit_price=30_000), shipping_charged=2_000, standard_shipping=500)
    story = given(bought, policy=policy).when(request(CANCEL, MIND), ship())
    assert story.claim.overtaken
    story.when(APPROVE, receive(), inspect()).then(steps={"goods": 30_000, **shipping})


@pytest.mark.parametrize(("round_trip", "fee"), [(300, {}), (299, {}), (301, {"replacement_fee": -1})])
def test_a_replacement_costs_what_both_ways_cost_without_the_way_back(round_trip: int, fee: dict[str, int]) -> None:
    policy = replace(NO_FEES, fees=Fees(return_shipping=300, exchange_round_trip=round_trip))
    story = given(order(delivered_line()), policy=policy)
    story = replace(story, facts=replace(story.facts, parcel_fees=(ParcelFee(claim_id="first", parcel=PARCEL),)))
    story.when(request(Kind.EXCHANGE, MIND), APPROVE, DISPATCH, receive(), inspect()).then(steps=fee)


@pytest.mark.parametrize(
    ("kind", "reason", "kept"),
    [(RETURN, MIND, -1_000), (RETURN, BROKEN, 0), (CANCEL, MIND, 0), (REFUND, BROKEN, 0)],
)
def test_a_restocking_fee_is_a_tenth_rounded_down_and_only_for_a_buyer_who_sends_goods_back(
    kind: Kind, reason: Reason, kept: int
) -> None:
    goods = line(unit_price=10_009, tax=910) if kind is CANCEL else delivered_line(unit_price=10_009, tax=910)
    story = given(order(goods), policy=RESTOCKED).when(*full_refund(kind, reason=reason))
    fees = [each for each in story.amounts.steps if each.code is StepCode.RESTOCKING_FEE]
    citation = RESTOCKED.restocking.citation
    assert [(each.amount, each.tax, each.citation) for each in fees] == ([(kept, -91, citation)] if kept else [])
    assert all(isinstance(each.amount, int) for each in story.amounts.steps)


def test_goods_that_left_during_a_cancellation_cost_no_restocking_fee() -> None:
    policy = replace(RESTOCKED, overtaken=Overtaken.RETURN_BY_FAULT)
    story = given(order(line()), policy=policy).when(request(CANCEL, MIND), ship())
    assert (story.claim.overtaken, story.claim.fault) == (True, Fault.BUYER)
    story.when(APPROVE, receive(), inspect()).then(steps={"goods": 10_000})


def test_used_parts_that_the_buyer_states_are_deducted_in_the_quote_before_the_goods_are_back() -> None:
    rule = DeductionRule(reason=Deduction.USED_PART, faults=frozenset(Fault), citation="Article 1")
    story = given(order(delivered_line(parts=10)), policy=replace(NO_FEES, deductions=(rule,)))
    asked = request(RETURN)
    quoted = quote(replace(asked, lines=(replace(asked.lines[0], used_parts=3),)), story.facts)
    assert isinstance(quoted, Quote)
    assert {each.code: each.amount for each in quoted.standing.amounts.steps} == {"goods": 10_000, "used_part": -3_000}


def test_a_deduction_has_the_tax_of_the_goods_that_it_is_deducted_from() -> None:
    rule = DeductionRule(reason=Deduction.USED_VALUE, faults=frozenset(Fault), citation="Article 1")
    policy = replace(NO_FEES, deductions=(rule,))
    story = given(order(delivered_line(unit_price=11_000, tax=1_000)), policy=policy)
    story = story.when(
        request(RETURN), APPROVE, receive(condition=Condition.USED), inspect(deductions={Deduction.USED_VALUE: 1_100})
    )
    assert taxed_steps(story) == {"used_value": (-1_100, -100, "Article 1")}
    assert (story.total, story.amounts.tax) == (9_900, 900)
