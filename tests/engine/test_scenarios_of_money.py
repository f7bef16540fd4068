"""The refunds, to the minor unit: scenarios by number.

The thirty scenarios come from the test suites and bug trackers of other commerce systems. Scenarios about two callers
at once, a provider or another merchant are tested over HTTP.
"""

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order, OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import HoldReason, Kind, Reason, State
from tests.engine.commands import APPROVE, CONFIRM_DELIVERY, RESHIP, inspect, pay, receive, request
from tests.engine.orders import NO_FEES, deliver, delivered_line, line, order
from tests.engine.story import full_refund, given, pay_refunds

CANCEL, RETURN, REFUND = Kind.CANCEL, Kind.RETURN, Kind.REFUND
BROKEN = Reason.DEFECTIVE


@pytest.mark.parametrize(
    ("bought", "one_by_one"),
    [
        (order(delivered_line(quantity=3, unit_price=10_000), discount=1_000), [9_667, 9_666, 9_667]),
        (order(delivered_line(quantity=2, unit_price=100, discount=33)), [84, 83]),
        (order(*(delivered_line(name, unit_price=100) for name in "123"), discount=10), [96, 97, 97]),
    ],
)
def test_scenario_10_units_given_back_one_by_one_end_at_what_was_paid(bought: Order, one_by_one: list[int]) -> None:
    story = given(bought, policy=NO_FEES)
    totals = []
    for number, line_id in enumerate([each.line_id for each in story.order.lines for _ in range(each.quantity)]):
        story = story.when(*full_refund(RETURN, {line_id: 1}, claim_id=f"claim {number}"))
        totals.append(story.amounts.total)
    assert (totals, story.order.captured_left) == (one_by_one, 0)


def test_scenario_11_a_quarter_off_ten_is_exact() -> None:
    story = given(order(line(quantity=10, unit_price=2_390, discount=5_975))).when(*full_refund(CANCEL, {"1": 10}))
    assert story.order.payments[0].refunded == 17_925


def test_scenario_12_tax_on_top_is_paid_back_with_what_it_was_paid_on() -> None:
    bought = order(line(unit_price=1_000, tax=210), prices_include_tax=False, shipping_charged=500, shipping_tax=105)
    given(bought).when(*full_refund(CANCEL, {"1": 1})).then(total=1_815)


def test_scenario_13_a_coupon_stays_with_the_lines_it_was_shared_over() -> None:
    prices = {"1": 10_000, "2": 9_000, "3": 8_000}
    bought = order(*(line(name, unit_price=price) for name, price in prices.items()), discount=1_000)
    story = given(bought, policy=NO_FEES)
    paid_back = []
    for name in ("3", "2", "1"):
        story = story.when(*full_refund(CANCEL, {name: 1}, claim_id=name))
        paid_back.append(story.amounts.total)
    assert paid_back == [8_000 - 296, 9_000 - 333, 10_000 - 371]


def test_scenario_14_a_refund_stays_within_what_is_left_of_the_capture() -> None:
    story = given(order(delivered_line(unit_price=100)))
    for name in ("first", "second"):
        story = story.when(request(REFUND, BROKEN, amount=25, claim_id=name), APPROVE, pay_refunds)
    refusals = story.when(request(REFUND, BROKEN, amount=1_000, claim_id="third")).refusals
    (params,) = [refusal.params for refusal in refusals if refusal.code is Code.REFUND_EXCEEDS_CAPTURED]
    assert (params["available"], params["currency"]) == (50, "KRW")


def test_scenario_15_refunds_go_back_over_the_payments_in_the_policys_order() -> None:
    first = given(order(delivered_line(unit_price=100), payments={"points": 40, "card": 60})).when(
        request(REFUND, BROKEN, amount=40), APPROVE, pay_refunds
    )
    assert Code.REFUND_EXCEEDS_CAPTURED in first.when(request(REFUND, BROKEN, amount=70, claim_id="second")).codes
    third = first.when(request(REFUND, BROKEN, amount=60, claim_id="third"), APPROVE, pay_refunds)
    first.then(shares=[("card", 40)])
    third.then(shares=[("card", 20), ("points", 40)])


def test_scenario_16_fees_above_the_goods_leave_the_buyer_owing_the_difference() -> None:
    story = (
        given(order(delivered_line(unit_price=2_000), shipping_charged=3_000))
        .when(request(RETURN), APPROVE, receive(), inspect())
        .then(state=State.ACCEPTED, total=0, buyer_owes=1_000)
    )
    assert story.claim.hold
    assert story.claim.hold.reason is HoldReason.RETURN_FEE_UNPAID
    story.when(pay(1_000)).then(state=State.REFUNDED, refunds_outstanding=0)


def test_scenario_17_a_line_is_refunded_twice_and_its_shipping_once() -> None:
    story = given(order(line(quantity=3), shipping_charged=3_000))
    shipping = []
    for name in ("first", "second", "third"):
        story = story.when(*full_refund(CANCEL, {"1": 1}, claim_id=name))
        shipping.append(story.amounts.amount_of(StepCode.SHIPPING))
    assert (shipping, story.order.captured_left) == ([0, 0, 3_000], 0)


@pytest.mark.parametrize("free", [line(unit_price=0), line(unit_price=10_000, discount=10_000)])
@pytest.mark.parametrize("kind", [CANCEL, RETURN, REFUND])
def test_scenario_18_what_cost_nothing_is_refunded_without_a_provider(kind: Kind, free: OrderLine) -> None:
    bought = free if kind is CANCEL else deliver(free)
    story = given(order(bought)).when(*full_refund(kind, {"1": 1})[:-1])
    assert (story.claim.state, story.amounts.total, story.amounts.shares) == (State.REFUNDED, 0, ())
    story.then(refunds_outstanding=0)


@pytest.mark.parametrize(
    ("reason", "amount", "total"),
    [
        (Reason.LOST_IN_DELIVERY, None, 13_000),
        (Reason.LOST_IN_DELIVERY, 10_000, 10_000),
        (Reason.DEFECTIVE, None, 10_000),
    ],
)
def test_a_buyer_who_never_got_the_goods_gets_the_shipping_back(reason: Reason, amount: int | None, total: int) -> None:
    """Lost goods cannot be returned. Shipping is not refunded for goods that the buyer keeps."""
    given(order(delivered_line(unit_price=10_000), shipping_charged=3_000)).when(
        request(Kind.REFUND, reason, amount=amount), APPROVE
    ).then(total=total)


def test_what_was_exchanged_is_kept_once() -> None:
    """The replacement counts in place of the unit. With the replacement alone the order does not ship free."""
    two = given(order(delivered_line(unit_price=30_000), delivered_line("2", unit_price=30_000)))
    way = (request(Kind.EXCHANGE, Reason.DEFECTIVE), APPROVE, receive(), inspect(), RESHIP, CONFIRM_DELIVERY)
    story = two.when(*way)
    back = {"2": 1}
    second_request = request(Kind.RETURN, units=back, claim_id="second")
    story = story.when(second_request, APPROVE, receive(back), inspect(back))
    assert story.amounts.amount_of(StepCode.OUTBOUND_FEE) == -3_000
