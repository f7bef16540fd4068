"""What comes off and what comes on top: fees and shipping by who is at fault and what the buyer keeps."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.commands import AcceptOffer, MakeOffer
from app.engine.model.order import Order
from app.engine.model.vocabulary import Alternative, Deduction, Kind, Reason
from app.engine.policy.facts import Facts
from tests.engine.given import (
    APPROVE,
    BUYER,
    SELLER,
    BreakdownStep,
    amounts_of,
    asks,
    delivered,
    facts,
    inspects,
    line,
    order,
    paid,
    receives,
    walked,
)

CANCEL, RETURN, EXCHANGE = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE


def shirts(count: int, **more: Any) -> Order:
    """At 30,000 each; an order ships free from 50,000 on."""
    return order(delivered(line(quantity=count, unit_price=30_000)), **more)


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
    amounts = _amounts(facts(bought), kind, reason, count)
    assert {step.code: step.amount for step in amounts.steps} == steps
    assert amounts.total - amounts.buyer_owes == sum(steps.values())


def test_shipping_that_is_no_longer_free_is_charged_once() -> None:
    now, charged = facts(shirts(3)), []
    for name, count in (("first", 2), ("second", 1)):
        units = {"1": count}
        way = (asks(RETURN, MIND, units, claim_id=name), APPROVE, receives(units), inspects(units), paid)
        claim, now = walked(now, *way)
        charged.append(amounts_of(claim).amount_of(StepCode.OUTBOUND_FEE))
    assert charged == [-3_000, 0]


def test_a_deduction_comes_off_the_refund() -> None:
    found = inspects(deductions={Deduction.MISSING_PARTS: 500})
    claim, _ = walked(facts(shirts(1)), asks(RETURN, BROKEN), APPROVE, receives(), found)
    assert amounts_of(claim).total == 29_500


def test_free_return_shipping_is_about_the_way_back_alone() -> None:
    offer = MakeOffer(
        by=SELLER, offer_id="offer", alternative=Alternative.FREE_RETURN_SHIPPING, message="On us, this time."
    )
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    now = facts(shirts(1, shipping_charged=2_500))
    claim, _ = walked(now, asks(RETURN, MIND), offer, accept, APPROVE, receives(), inspects())
    assert {step.code: step.amount for step in amounts_of(claim).steps} == {"goods": 30_000}


def _amounts(now: Facts, kind: Kind, reason: Reason, count: int) -> RefundBreakdown:
    units = {"1": count}
    goods: tuple[BreakdownStep, ...] = () if kind is CANCEL else (receives(units), inspects(units))
    return amounts_of(walked(now, asks(kind, reason, units), APPROVE, *goods)[0])
