"""What a refusal says about a request: the code, the facts, the rule and the field."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from app.engine.model.commands import Request
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Kind, Reason
from tests.engine.commands import APPROVE, request
from tests.engine.orders import NO_FEES, NOW, PAID, SHIPPED, delivered_line, line, order
from tests.engine.story import Step, Story, given, pay_refunds

CANCEL, RETURN, REFUND = Kind.CANCEL, Kind.RETURN, Kind.REFUND
BROKEN, GOODWILL = Reason.DEFECTIVE, Reason.GOODWILL
MINUTES, MOMENT = timedelta(minutes=5), timedelta(microseconds=1)


def bought(*lines: OrderLine, **more: Any) -> Story:
    return given(order(*lines, **more), policy=NO_FEES)


NEW = bought(line(quantity=3))
HOME = bought(delivered_line(), delivered_line("2"))
PARTLY_SENT = bought(replace(line(quantity=3), shipped=1, shipped_at=SHIPPED))
CHARGED = bought(
    delivered_line(), shipping_charged=3_000, shipping_refunded=1_000, outbound_charged=500, fees_charged=700
)
TWICE = request(CANCEL)
LATER_SENT = bought(delivered_line(), replace(delivered_line("2"), shipped_at=SHIPPED + timedelta(hours=1)))


def wrong(code: Code, line_id: str) -> Refusal:
    return refuse(code, line_id=line_id, field="lines")


def money(kind: Kind = REFUND, reason: Reason = GOODWILL, **asked: Any) -> Request:
    return request(kind, reason, {}, **asked)


def found(after: timedelta, units: tuple[str, ...] = ("1",)) -> Request:
    """The buyer found the defect so long after the goods were shipped."""
    return request(RETURN, BROKEN, dict.fromkeys(units, 1), discovered_at=SHIPPED + after)


def above(requested: int, value: int, field: str) -> Refusal:
    return refuse(Code.AMOUNT_ABOVE_VALUE, requested=requested, value=value, currency="KRW", field=field)


def uncaptured(requested: int, available: int) -> Refusal:
    return refuse(
        Code.REFUND_EXCEEDS_CAPTURED, requested=requested, available=available, currency="KRW", field="amount"
    )


NOTHING = [refuse(Code.AMOUNT_NOT_POSITIVE, field="amount")]
CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "no line": (NEW, request(CANCEL, units={}), [refuse(Code.NO_LINES, field="lines")]),
    "a line twice": (NEW, replace(TWICE, lines=TWICE.lines * 2), [wrong(Code.LINE_TWICE, "1")]),
    "no unit": (NEW, request(CANCEL, units={"1": 0}), [wrong(Code.QUANTITY_NOT_POSITIVE, "1")]),
    "a line of another order": (NEW, request(CANCEL, units={"1": 1, "9": 1}), [wrong(Code.UNKNOWN_LINE, "9")]),
    "more units than are free": (
        NEW,
        request(CANCEL, units={"1": 4}),
        [refuse(Code.UNITS_UNAVAILABLE, line_id="1", available=3, requested=4, field="lines")],
    ),
    "all units": (NEW, request(CANCEL, units={"1": 3}), []),
    "a return of what was not sent": (
        NEW,
        request(RETURN),
        [refuse(Code.NOT_SHIPPED, line_id="1", available=0, requested=1, field="lines")],
    ),
    "a return of more than was sent": (
        PARTLY_SENT,
        request(RETURN, units={"1": 2}),
        [refuse(Code.NOT_SHIPPED, line_id="1", available=1, requested=2, field="lines")],
    ),
    "a return of what was sent": (PARTLY_SENT, request(RETURN), []),
    "goodwill for what was not sent": (NEW, request(REFUND, GOODWILL, amount=500), []),
    "from the future": (
        HOME,
        request(RETURN, requested_at=(NOW + MINUTES + MOMENT).astimezone(UTC)),
        [refuse(Code.REQUESTED_IN_FUTURE, requested_at="2026-06-10T10:05:00.000001+09:00", field="requested_at")],
    ),
    "within the difference of clocks": (
        HOME,
        request(RETURN, BROKEN, requested_at=NOW + MINUTES, discovered_at=NOW + MINUTES),
        [],
    ),
    "a defect of the future": (
        HOME,
        found(NOW + MINUTES + MOMENT - SHIPPED),
        [refuse(Code.DISCOVERED_IN_FUTURE, discovered_at="2026-06-10T10:05:00.000001+09:00", field="discovered_at")],
    ),
    "before the payment": (
        NEW,
        request(CANCEL, requested_at=PAID - MINUTES - MOMENT),
        [
            refuse(
                Code.REQUESTED_BEFORE_PAYMENT,
                requested_at="2026-06-05T09:54:59.999999+09:00",
                paid_at="2026-06-05T10:00:00+09:00",
                field="requested_at",
            )
        ],
    ),
    "with the payment": (NEW, request(CANCEL, requested_at=PAID - MINUTES), []),
    "before a payment that was not reported": (
        NEW.with_order(paid_at=None),
        request(CANCEL, requested_at=PAID - timedelta(days=1)),
        [],
    ),
    "a part of a cancellation from before the payment": (
        HOME,
        request(RETURN, requested_at=PAID - timedelta(days=1), split_from="cancellation"),
        [],
    ),
    "a defect before the shipping": (
        LATER_SENT,
        found(-MINUTES - MOMENT, ("2", "1")),
        [
            refuse(
                Code.DISCOVERED_BEFORE_SHIPPING,
                discovered_at="2026-06-06T08:54:59.999999+09:00",
                shipped_at="2026-06-06T09:00:00+09:00",
                field="discovered_at",
            )
        ],
    ),
    "a defect with the shipping of the first goods": (LATER_SENT, found(-MINUTES, ("2", "1")), []),
    "a defect before the shipping, in a part of a cancellation": (
        HOME,
        replace(found(-timedelta(days=1)), split_from="cancellation"),
        [],
    ),
    "a defect of what was never sent": (
        NEW,
        request(CANCEL, BROKEN, discovered_at=NOW),
        [],
    ),
    "an amount for a return": (
        HOME,
        request(RETURN, amount=500),
        [refuse(Code.AMOUNT_NOT_ALLOWED, field="amount")],
    ),
    "an amount of nothing": (HOME, request(REFUND, BROKEN, amount=0), NOTHING),
    "an amount of 1": (HOME, request(REFUND, BROKEN, amount=1), []),
    "the value": (HOME, request(REFUND, BROKEN, amount=10_000), []),
    "more than the value": (HOME, request(REFUND, BROKEN, amount=10_001), [above(10_001, 10_000, "amount")]),
    "more than was captured": (
        given(order(delivered_line(), payments={"card": 4_000}), policy=NO_FEES),
        request(REFUND, BROKEN, amount=4_001),
        [uncaptured(4_001, 4_000)],
    ),
    "what was captured": (
        given(order(delivered_line(), payments={"card": 4_000}), policy=NO_FEES),
        request(REFUND, BROKEN, amount=4_000),
        [],
    ),
    "a return for goodwill": (
        HOME,
        request(RETURN, GOODWILL),
        [refuse(Code.AMOUNT_NOT_ALLOWED, field="amount")],
    ),
    "shipping with a return": (
        CHARGED,
        request(RETURN, BROKEN, shipping=1),
        [refuse(Code.AMOUNT_NOT_ALLOWED, field="shipping")],
    ),
    "goodwill for goods, without an amount": (HOME, request(REFUND, GOODWILL), NOTHING),
    "goodwill of an amount for no goods": (
        CHARGED,
        money(amount=5, shipping=5),
        [refuse(Code.NO_LINES, field="lines"), above(5, 0, "amount")],
    ),
    "all that is left of the charges": (CHARGED, money(shipping=2_500, fees=700), []),
    "more than is left of the charges": (
        CHARGED,
        money(shipping=2_501, fees=701),
        [above(2_501, 2_500, "shipping"), above(701, 700, "fees")],
    ),
    "charges that were given back meanwhile": (
        CHARGED.when(money(shipping=2_000), APPROVE, pay_refunds).with_claim(CHARGED.when(money(shipping=2_500)).claim),
        APPROVE,
        [above(2_500, 500, "shipping")],
    ),
    "an amount that was paid back meanwhile": (
        bought(delivered_line())
        .when(request(REFUND, GOODWILL, amount=5_000), APPROVE, pay_refunds)
        .with_claim(bought(delivered_line()).when(request(REFUND, BROKEN, amount=5_001)).claim),
        APPROVE,
        [above(5_001, 5_000, "amount"), uncaptured(5_001, 5_000)],
    ),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
