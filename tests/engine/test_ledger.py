"""What decisions change in their order: every field of the lines, the payments and the sums of money."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.engine.model.commands import CompleteRepair, ConfirmDelivery, Convert, NewReplacement, Reship
from app.engine.model.order import OrderLine, Payment, Units
from app.engine.model.vocabulary import CureFailure, Kind, Nature, Reason, Record, RefundTo, State
from tests.engine.commands import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    PARCEL,
    RESHIP,
    SELLER,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import DELIVERED, NO_FEES, NOW, POLICY, SHIPPED, delivered_line, order
from tests.engine.story import Story, full_refund, given, pay_refunds, wait_until

BACK = (APPROVE, receive(), inspect())
BROKEN = Reason.DEFECTIVE
LATER = NOW + timedelta(days=3)


def indebted() -> Story:
    """The fee of the buyer's return is above the price of the goods: the buyer owes 1,000."""
    bought = order(delivered_line(unit_price=2_000), shipping_charged=3_000, payments={"card": 3_000, "points": 2_000})
    return given(bought).when(request(Kind.RETURN), *BACK).then(total=0, buyer_owes=1_000)


@pytest.mark.parametrize(
    ("method", "refund_to"),
    [("bank_transfer", RefundTo.ACCOUNT), ("card", RefundTo.SOURCE)],
)
def test_the_payment_of_a_debt_is_a_new_payment_of_the_order_behind_the_others(
    method: str, refund_to: RefundTo
) -> None:
    story = indebted()
    paid = story.when(replace(pay(1_000), method=method)).then(state=State.REFUNDED)
    debt = Payment(payment_id="extra", method=method, captured=1_000, settles="claim", refund_to=refund_to)
    assert paid.order.payments == (*story.order.payments, debt)


def test_a_payment_that_the_order_has_already_keeps_its_amounts_and_settles_the_debt() -> None:
    story = indebted()
    known = Payment(payment_id="extra", method="bank_transfer", captured=1_000, payable_step=10, instalments=2)
    first, last = story.order.payments
    paid = story.with_order(payments=(first, known, last)).when(pay(1_000)).then(state=State.REFUNDED)
    assert paid.order.payments == (first, replace(known, settles="claim"), last)


def test_a_replacement_is_a_line_with_everything_that_the_law_knows_about_the_goods() -> None:
    original = delivered_line(
        quantity=2,
        discount=1_000,
        tax=1_727,
        tax_rate=1_000,
        parts=4,
        nature=Nature.SECOND_HAND,
        records=frozenset({Record.NOTICE}),
        repairs=1,
        cure_days=5,
        sku="shirt-red",
        title="Shirt, red",
    )
    other = delivered_line("2")
    story = given(order(original, other), policy=NO_FEES).when(request(Kind.EXCHANGE, BROKEN), *BACK, RESHIP)
    given_back, kept, replacement = story.order.lines
    assert (given_back, kept) == (replace(original, units=Units(exchanged=1)), other)
    assert replacement == OrderLine(
        line_id=replacement.line_id,
        quantity=1,
        unit_price=10_000,
        sku="shirt-blue",
        title="Shirt, blue",
        discount=500,
        discountable=False,
        tax=864,
        tax_rate=1_000,
        parts=4,
        nature=Nature.SECOND_HAND,
        records=frozenset({Record.NOTICE}),
        replaces="1",
        shipped=1,
        shipped_at=NOW,
        repairs=1,
        cure_days=5,
    )


def test_a_replacement_of_several_units_at_its_own_price_carries_that_price() -> None:
    two = {"1": 2}
    dearer = request(Kind.EXCHANGE, BROKEN, two, replace(BLUE, unit_price=12_000))
    story = given(order(delivered_line(quantity=2, unit_price=10_000)), policy=NO_FEES)
    story = story.when(dearer, APPROVE, receive(two), inspect(two), pay(4_000), RESHIP)
    replacement = story.order.lines[-1]
    assert (replacement.quantity, replacement.unit_price, replacement.discount) == (2, 12_000, 0)
    assert (replacement.shipped, story.order.paid_for(replacement)) == (2, 24_000)


def test_the_tax_on_top_of_a_price_is_no_discount_of_its_replacement() -> None:
    bought = order(delivered_line(quantity=2, discount=600, tax=1_940), prices_include_tax=False)
    story = given(bought, policy=NO_FEES).when(request(Kind.EXCHANGE, BROKEN), *BACK, RESHIP)
    replacement = story.order.lines[-1]
    assert (replacement.discount, replacement.tax) == (300, 970)
    assert story.order.paid_for(replacement) * 2 == story.order.paid_for(bought.lines[0])


@pytest.mark.parametrize("stated", [True, False], ids=["stated", "not stated"])
def test_a_replacement_is_sent_and_delivered_when_the_seller_says_or_else_now(*, stated: bool) -> None:
    sent_at, arrived_at = NOW + timedelta(hours=5), NOW + timedelta(days=2)
    story = given(order(delivered_line(cure_days=1)), policy=NO_FEES)
    story = story.when(
        request(Kind.EXCHANGE, BROKEN),
        *BACK,
        wait_until(LATER),
        Reship(by=SELLER, tracking=PARCEL, reshipped_at=sent_at if stated else None),
        wait_until(LATER + timedelta(days=1)),
    )
    sent = story.order.lines[-1]
    assert (sent.shipped_at, sent.delivered_at, sent.delivered) == (sent_at if stated else LATER, None, 0)
    story = story.when(ConfirmDelivery(by=SELLER, delivered_at=arrived_at if stated else None))
    arrived = story.order.lines[-1]
    days = 2 if stated else 4
    expected_at = arrived_at if stated else LATER + timedelta(days=1)
    assert arrived == replace(sent, delivered=1, delivered_at=expected_at, cure_days=1 + days)


def test_the_original_line_of_a_delivered_replacement_stays_as_it_was() -> None:
    bought = order(delivered_line(quantity=2))
    story = given(bought, policy=NO_FEES).when(request(Kind.EXCHANGE, BROKEN), *BACK, RESHIP, CONFIRM_DELIVERY)
    line = story.order.lines[0]
    assert (line.shipped_at, line.delivered_at) == (SHIPPED, DELIVERED)
    assert line == replace(bought.lines[0], units=Units(exchanged=1))


def test_each_repair_of_a_line_adds_itself_and_its_days() -> None:
    repair = (APPROVE, receive(), inspect(), CompleteRepair(by=SELLER))
    first_back, second_back = NOW + timedelta(days=2), NOW + timedelta(days=7)
    story = given(order(delivered_line(), delivered_line("2")))
    story = story.when(request(Kind.REPAIR, BROKEN), *repair, wait_until(first_back), RESHIP, CONFIRM_DELIVERY)
    again = request(Kind.REPAIR, BROKEN, claim_id="second", requested_at=first_back)
    story = story.when(again, *repair, wait_until(second_back), RESHIP, CONFIRM_DELIVERY)
    repaired, other = story.order.lines
    assert (repaired.repairs, repaired.repaired_at, repaired.cure_days) == (2, second_back, 7)
    assert other == delivered_line("2")


def test_a_repair_that_failed_counts_and_is_not_the_last_return_of_the_goods() -> None:
    line = delivered_line(quantity=2, repairs=1, repaired_at=DELIVERED, cure_days=3)
    story = given(order(line)).when(request(Kind.REPAIR, BROKEN), *BACK, wait_until(LATER))
    blue = (NewReplacement(line_id="1", replacement=BLUE),)
    failed = Convert(by=SELLER, to=Kind.EXCHANGE, because=CureFailure.FAILED, replacements=blue)
    line = story.when(failed).order.lines[0]
    assert (line.repairs, line.repaired_at, line.cure_days) == (2, DELIVERED, 3)


def test_a_cure_that_was_refused_is_on_record_beside_what_was_on_record() -> None:
    notice = frozenset({Record.NOTICE})
    story = given(order(delivered_line(records=notice), delivered_line("2", records=notice)))
    refused = Convert(by=SELLER, because=CureFailure.REFUSED)
    lines = story.when(request(Kind.EXCHANGE, BROKEN), *BACK, refused).order.lines
    assert [line.records for line in lines] == [notice | {Record.CURE_REFUSED}, notice]


def test_the_fees_of_several_claims_add_up() -> None:
    story = given(order(delivered_line(), delivered_line("2", unit_price=20_000)))
    first = story.when(request(Kind.RETURN), APPROVE, receive(), inspect())
    fee = POLICY.fees.return_shipping
    assert first.order == replace(
        first.order, fees_charged=fee, shipping_refunded=0, outbound_charged=0, rounded=0, not_captured=0
    )
    two = {"2": 1}
    second = first.when(request(Kind.RETURN, units=two, claim_id="second"), APPROVE, receive(two), inspect(two))
    assert (second.order.fees_charged, second.order.captured_left) == (2 * fee, 2 * fee)


def test_the_shipping_that_a_claim_gives_back_comes_on_top_of_what_was_given_back() -> None:
    bought = order(delivered_line(), shipping_charged=3_000, shipping_refunded=1_000, fees_charged=500)
    after = given(bought).when(*full_refund(Kind.RETURN)).order
    assert (after.shipping_refunded, after.fees_charged, after.outbound_charged) == (3_000, 500, 0)
    assert (after.rounded, after.not_captured, after.surplus_refunded) == (0, 0, 0)


def test_fees_that_are_given_back_in_full_leave_no_fees() -> None:
    asked = request(Kind.REFUND, BROKEN, amount=100, fees=500)
    story = given(order(delivered_line(), fees_charged=500)).when(asked, APPROVE)
    assert (story.total, story.order.fees_charged) == (600, 0)


def test_a_surplus_that_goes_back_is_counted_on_top_of_what_went_back() -> None:
    bought = order(delivered_line(), payments={"card": 10_700}, surplus_refunded=200)
    story = given(bought, policy=NO_FEES).when(*full_refund(Kind.RETURN))
    assert (story.total, story.order.surplus_refunded) == (10_500, 700)


def test_each_share_of_a_refund_is_outstanding_and_claims_its_own_payment() -> None:
    bought = order(delivered_line(), payments={"points": 4_000, "card": 6_000})
    story = given(bought, policy=NO_FEES).when(request(Kind.REFUND, BROKEN, amount=7_000), APPROVE)
    story.then(shares=[("card", 6_000), ("points", 1_000)], refunds_outstanding=2)
    assert {each.payment_id: each.refunded for each in story.order.payments} == {"points": 1_000, "card": 6_000}
    again = story.when(pay_refunds).when(request(Kind.REFUND, BROKEN, amount=1_000, claim_id="second"), APPROVE)
    again.then(refunds_outstanding=1)
    assert {each.payment_id: each.refunded for each in again.order.payments} == {"points": 2_000, "card": 6_000}
