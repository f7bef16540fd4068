"""Deductions and additions: fees and shipping, by the fault and by what the buyer keeps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.commands import AcceptOffer, MakeOffer
from app.engine.model.order import Order
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Kind, Reason
from tests.engine.commands import APPROVE, BUYER, RELEASE, SELLER, inspect, receive, request
from tests.engine.orders import delivered_line, line, order
from tests.engine.story import Step, full_refund, given, pay_refunds

CANCEL, RETURN, EXCHANGE = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BACK = (APPROVE, receive(), inspect())


def shirts(count: int, **more: Any) -> Order:
    """At 30,000 each; an order ships free from 50,000 on."""
    return order(delivered_line(quantity=count, unit_price=30_000), **more)


@pytest.mark.parametrize(
    ("bought", "kind", "reason", "count", "steps"),
    [
        (shirts(2), RETURN, MIND, 1, {"goods": 30_000, "return_fee": -3_000, "outbound_fee": -3_000}),
        (shirts(2), RETURN, MIND, 2, {"goods": 60_000, "return_fee": -3_000, "outbound_fee": -3_000}),
        (shirts(3), RETURN, MIND, 1, {"goods": 30_000, "return_fee": -3_000}),
        (shirts(1), RETURN, MIND, 1, {"goods": 30_000, "return_fee": -3_000}),
        (shirts(2), RETURN, BROKEN, 1, {"goods": 30_000}),
        (shirts(2, shipping_charged=2_500), RETURN, MIND, 2, {"goods": 60_000, "return_fee": -3_000}),
        (shirts(2, shipping_charged=2_500), RETURN, BROKEN, 1, {"goods": 30_000}),
        (shirts(2, shipping_charged=2_500), RETURN, BROKEN, 2, {"goods": 60_000, "shipping": 2_500}),
        (shirts(1), EXCHANGE, MIND, 1, {"exchange_fee": -6_000}),
        (shirts(1), EXCHANGE, BROKEN, 1, {}),
        (order(line(quantity=2, unit_price=30_000)), CANCEL, MIND, 1, {"goods": 30_000, "outbound_fee": -3_000}),
        (order(line(quantity=2, unit_price=30_000)), CANCEL, MIND, 2, {"goods": 60_000}),
        (order(line(quantity=2, unit_price=30_000)), CANCEL, BROKEN, 1, {"goods": 30_000}),
    ],
)
def test_steps(bought: Order, kind: Kind, reason: Reason, count: int, steps: Mapping[str, int]) -> None:
    amounts = _amounts(bought, kind, reason, count)
    assert {step.code: step.amount for step in amounts.steps} == steps
    assert amounts.total - amounts.buyer_owes == sum(steps.values())


def test_shipping_that_is_no_longer_free_is_charged_once() -> None:
    story, charged = given(shirts(3)), []
    for name, count in (("first", 2), ("second", 1)):
        units = {"1": count}
        way = (request(RETURN, MIND, units, claim_id=name), APPROVE, receive(units), inspect(units), pay_refunds)
        story = story.when(*way)
        charged.append(story.amounts.amount_of(StepCode.OUTBOUND_FEE))
    assert charged == [-3_000, 0]


def test_a_deduction_comes_off_the_refund() -> None:
    inspection = inspect(deductions={Deduction.MISSING_PARTS: 500})
    given(shirts(1)).when(request(RETURN, BROKEN), APPROVE, receive(condition=Condition.INCOMPLETE), inspection).then(
        total=29_500
    )


def test_free_return_shipping_covers_the_way_back_alone() -> None:
    offer = MakeOffer(
        by=SELLER, offer_id="offer", alternative=Alternative.FREE_RETURN_SHIPPING, message="On us, this time."
    )
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    given(shirts(1, shipping_charged=2_500)).when(
        request(RETURN, MIND), offer, accept, APPROVE, receive(), inspect()
    ).then(steps={"goods": 30_000})


def _amounts(bought: Order, kind: Kind, reason: Reason, count: int) -> RefundBreakdown:
    units = {"1": count}
    goods: tuple[Step, ...] = () if kind is CANCEL else (receive(units), inspect(units))
    return given(bought).when(request(kind, reason, units), APPROVE, *goods).amounts


def test_what_was_never_captured_pays_no_fee() -> None:
    """The refund is limited to the captured amount first, and the fee is deducted from the rest."""
    half_paid = order(delivered_line(unit_price=10_000), payments={"card": 5_000})
    story = given(half_paid).when(request(Kind.RETURN, MIND), *BACK)
    amounts = story.amounts
    assert (amounts.amount_of(StepCode.NOT_CAPTURED), amounts.total, amounts.buyer_owes) == (-5_000, 2_000, 0)


def test_an_unpaid_order_leaves_no_debts() -> None:
    unpaid = replace(order(delivered_line(unit_price=10_000)), payments=())
    given(unpaid).when(request(Kind.RETURN, MIND), *BACK).then(total=0, buyer_owes=0)


def test_shipping_that_was_charged_after_all_goes_back_when_the_order_was_for_nothing() -> None:
    bought = order(delivered_line("1", unit_price=30_000), delivered_line("2", unit_price=30_000))
    first = given(bought).when(request(Kind.RETURN, MIND), *BACK, pay_refunds).then(total=30_000 - 3_000 - 3_000)
    first.when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second")).then(total=30_000 - 3_000)
    broken = first.when(*full_refund(Kind.RETURN, {"2": 1}, BROKEN, "second"))
    assert broken.amounts.amount_of(StepCode.OUTBOUND_RETURNED) == 3_000
    broken.then(total=33_000, outbound_charged=0)


def test_waived_shipping_is_not_refunded() -> None:
    """The shipping is not charged again either."""
    lines = (delivered_line("1", unit_price=2_000), delivered_line("2", quantity=2, unit_price=24_500))
    story = (
        given(order(*lines))
        .when(request(Kind.RETURN, MIND), *BACK, RELEASE)
        .then(buyer_owes=4_000, outbound_charged=0)
        .when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second"))
    )
    broken = story.when(*full_refund(Kind.RETURN, {"2": 1}, BROKEN, "third"))
    assert (broken.amounts.total, story.order.outbound_charged) == (24_500, 0)
