"""What a refusal says about money, and about another remedy."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import PaymentShare
from app.engine.model.commands import AdjustRefund, Convert, NewReplacement, OrderShipped
from app.engine.model.order import Payment
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import CureFailure, Kind, Reason
from tests.engine.commands import (
    APPROVE,
    BLUE,
    COMPLETE_REPAIR,
    RELEASE,
    SELLER,
    SYSTEM,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, NOW, capture, delivered_line, line, order
from tests.engine.story import Step, Story, given

BROKEN = Reason.DEFECTIVE
BACK = (APPROVE, receive(), inspect())
INDEBTED = given(order(delivered_line(unit_price=2_000))).when(request(Kind.RETURN), *BACK)
OWES_NOTHING = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN, BROKEN), *BACK)
HALF = given(order(line(unit_price=10_000), payments={"card": 5_000})).when(request(Kind.CANCEL), APPROVE)
REST_CAPTURED = HALF.with_order(payments=capture(HALF.order, 5_000).payments)
REPAIR = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.REPAIR, BROKEN))
EXCHANGE = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.EXCHANGE, BROKEN))
CHEAPER = given(order(delivered_line()), policy=NO_FEES).when(
    request(Kind.EXCHANGE, BROKEN, replacement=replace(BLUE, unit_price=9_000)), *BACK
)
SENT = order(delivered_line(quantity=2), line("2"))
LEFT = given(SENT, policy=NO_FEES)
NAMED = (NewReplacement(line_id="1", replacement=BLUE),)
UNSELLABLE = (NewReplacement(line_id="1", replacement=replace(BLUE, sellable=False)),)


def with_payments(story: Story, *captured: int, **more: Any) -> Story:
    """The order has payments `pay-0`, `pay-1` ... by bank transfer."""
    payments = tuple(
        Payment(payment_id=f"pay-{place}", method="bank_transfer", captured=amount, **more)
        for place, amount in enumerate(captured)
    )
    return story.with_order(payments=payments)


def adjusted(**more: Any) -> AdjustRefund:
    return AdjustRefund(by=SYSTEM, **more)


def convert(to: Kind = Kind.RETURN, **more: Any) -> Convert:
    return Convert(by=SELLER, to=to, **more)


def uncaptured(requested: int, available: int) -> list[Refusal]:
    return [refuse(Code.REFUND_EXCEEDS_CAPTURED, requested=requested, available=available, currency="KRW")]


TAKEN = [refuse(Code.PAYMENT_ALREADY_TAKEN, payment_id="pay-0", field="payment_id")]
THE_ORDERS = [refuse(Code.PAYMENT_IS_THE_ORDERS, payment_id="pay-0", field="payment_id")]
CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "a payment of no debt": (OWES_NOTHING, pay(1), [refuse(Code.NOTHING_OWED)]),
    "a waiver of no debt": (OWES_NOTHING, RELEASE, [refuse(Code.NOTHING_OWED)]),
    "a payment of less": (
        INDEBTED,
        pay(999),
        [refuse(Code.PAYMENT_DIFFERS, owed=1_000, paid=999, currency="KRW", field="amount")],
    ),
    "a payment of a debt of 1": (
        given(order(delivered_line(unit_price=2_999))).when(request(Kind.RETURN), *BACK),
        pay(1),
        [],
    ),
    "a payment of more, which the order has": (
        with_payments(INDEBTED, 1_001),
        pay(1_001, "pay-0"),
        [refuse(Code.PAYMENT_DIFFERS, owed=1_000, paid=1_001, currency="KRW", field="amount")],
    ),
    "a payment of another amount, which the order has": (with_payments(INDEBTED, 1_001), pay(1_000, "pay-0"), TAKEN),
    "a payment by another method, which the order has": (
        with_payments(INDEBTED, 1_000),
        replace(pay(1_000, "pay-0"), method="card"),
        TAKEN,
    ),
    "a payment of another debt": (with_payments(INDEBTED, 1_000, settles="b"), pay(1_000, "pay-0"), TAKEN),
    "a payment that the price needs": (with_payments(INDEBTED, 1_000, 1_000), pay(1_000, "pay-0"), THE_ORDERS),
    "a payment that the price needs in part": (with_payments(INDEBTED, 1_000, 1_999), pay(1_000, "pay-0"), THE_ORDERS),
    "a payment above the price": (with_payments(INDEBTED, 1_000, 2_000), pay(1_000, "pay-0"), []),
    "a payment of an order whose other payments were not reported": (
        with_payments(INDEBTED, 1_000),
        pay(1_000, "pay-0"),
        [],
    ),
    "nothing has come": (HALF, adjusted(captured_later=1), uncaptured(1, 0)),
    "nothing is asked": (REST_CAPTURED, adjusted(), uncaptured(0, 5_000)),
    "more than has come": (REST_CAPTURED, adjusted(captured_later=4_999, reversal_won=2), uncaptured(5_001, 5_000)),
    "a surplus above what has come": (
        REST_CAPTURED.with_order(payments=capture(REST_CAPTURED.order, 70).payments),
        adjusted(captured_later=5_000, surplus=71),
        uncaptured(5_071, 5_070),
    ),
    "what has come": (
        REST_CAPTURED.with_order(payments=capture(REST_CAPTURED.order, 70).payments),
        adjusted(captured_later=5_000, surplus=70),
        [],
    ),
    "a refund that has ended, and nothing has come": (
        HALF,
        adjusted(voided=(PaymentShare(payment_id="card", method="card", amount=5_000),)),
        [],
    ),
    "the same remedy": (EXCHANGE, convert(Kind.EXCHANGE), [refuse(Code.NOTHING_CHANGES, field="to")]),
    "a repair that failed before it began": (
        REPAIR.when(APPROVE),
        convert(because=CureFailure.FAILED),
        [refuse(Code.NOTHING_WAS_REPAIRED, field="because")],
    ),
    "an exchange that failed": (
        EXCHANGE.when(*BACK),
        convert(because=CureFailure.FAILED),
        [refuse(Code.NOTHING_WAS_REPAIRED, field="because")],
    ),
    "a repair that was refused before it began": (REPAIR.when(APPROVE), convert(because=CureFailure.REFUSED), []),
    "a repair that failed at once": (REPAIR.when(*BACK), convert(because=CureFailure.FAILED), []),
    "a repair that failed": (REPAIR.when(*BACK, COMPLETE_REPAIR), convert(because=CureFailure.FAILED), []),
    "an exchange for nothing": (
        REPAIR,
        convert(Kind.EXCHANGE),
        [refuse(Code.REPLACEMENT_UNNAMED, line_id="1", field="lines")],
    ),
    "an exchange for what is sold out": (
        REPAIR,
        convert(Kind.EXCHANGE, replacements=UNSELLABLE),
        [refuse(Code.REPLACEMENT_UNSELLABLE, line_id="1", sku="shirt-blue", field="lines")],
    ),
    "an exchange": (REPAIR, convert(Kind.EXCHANGE, replacements=NAMED), []),
    "a return after a difference was paid back": (CHEAPER, convert(), [refuse(Code.ALREADY_PAID_BACK)]),
    "a cancellation that left in part": (
        given(order(line(quantity=2)), policy=NO_FEES)
        .when(request(Kind.CANCEL, units={"1": 2}))
        .with_order(lines=(replace(line(quantity=2), shipped=1, shipped_at=NOW),)),
        convert(),
        [refuse(Code.NOT_SHIPPED, line_id="1", available=1, requested=2)],
    ),
    "a cancellation that becomes an exchange": (
        given(order(line()), policy=NO_FEES).when(request(Kind.CANCEL)).with_order(lines=(delivered_line(),)),
        convert(Kind.EXCHANGE),
        [refuse(Code.BECOMES_A_RETURN, field="to")],
    ),
    "a shipment that took nothing of the cancellation": (
        given(order(line(quantity=2)), policy=NO_FEES).when(request(Kind.CANCEL)),
        OrderShipped(by=SYSTEM),
        [refuse(Code.NOT_OVERTAKEN)],
    ),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
