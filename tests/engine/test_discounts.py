"""An order's discount with a minimum, when the buyer keeps less than the minimum."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.commands import Convert
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.money_rules import LostDiscount
from tests.engine.commands import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    RELEASE,
    RESHIP,
    SELLER,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, deliver, delivered_line, line, order
from tests.engine.story import Story, full_refund, given

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)
BACK = (APPROVE, receive(), inspect())
CONVERT = Convert(by=SELLER)


def three(**more: Any) -> Order:
    """Three things at 100 each, 30 off for 250 and more."""
    lines = (delivered_line(str(number), unit_price=100) for number in (1, 2, 3))
    return order(*lines, discount=30, **{"discount_minimum": 250, **more})


def one_by_one(story: Story, kind: Kind = Kind.RETURN, reasons: tuple[Reason, ...] = (MIND,) * 3) -> list[Story]:
    """The story after each claim. Every claim gives one line back."""
    stories = []
    for number, reason in enumerate(reasons, start=1):
        story = story.when(*full_refund(kind, {str(number): 1}, reason, claim_id=f"claim-{number}"))
        stories.append(story)
    return stories


def totals(stories: list[Story]) -> list[int]:
    return [story.total for story in stories]


def test_a_kept_discount_is_charged_only_on_the_goods_that_come_back() -> None:
    assert totals(one_by_one(given(three(), policy=NO_FEES))) == [90, 90, 90]


def test_a_recalculated_discount_is_charged_on_the_goods_kept_and_refunded_with_them() -> None:
    stories = one_by_one(given(three(), policy=RECALCULATED))
    assert totals(stories) == [70, 100, 100]
    steps = [(step.code, step.line_id, step.amount) for step in stories[0].amounts.steps]
    assert steps == [
        (StepCode.GOODS, "1", 90),
        (StepCode.DISCOUNT_LOST, "2", -10),
        (StepCode.DISCOUNT_LOST, "3", -10),
    ]
    assert stories[1].amounts.amount_of(StepCode.DISCOUNT_RESTORED) == 10


@pytest.mark.parametrize(
    ("bought", "reasons", "paid_back"),
    [
        (three(discount_minimum=200), (MIND,) * 3, [90, 80, 100]),
        (three(discount_minimum=0), (MIND,) * 3, [90, 90, 90]),
        (three(), (BROKEN, MIND, MIND), [90, 90, 90]),
        (three(), (MIND, BROKEN, MIND), [70, 100, 100]),
        (three(discount_minimum=400), (MIND,) * 3, [90, 90, 90]),
    ],
    ids=["lost with the second", "never asked for", "the seller's fault", "lost before", "not reached before"],
)
def test_it_is_lost_once_by_the_buyer(bought: Order, reasons: tuple[Reason, ...], paid_back: list[int]) -> None:
    stories = one_by_one(given(bought, policy=RECALCULATED), reasons=reasons)
    assert (totals(stories), sum(paid_back)) == (paid_back, 270)


def test_cancellations_lose_it_too() -> None:
    lines = (line(str(number), unit_price=100) for number in (1, 2, 3))
    story = given(order(*lines, discount=30, discount_minimum=250), policy=RECALCULATED)
    assert totals(one_by_one(story, Kind.CANCEL)) == [70, 100, 100]


def test_units_of_one_line_share_the_charged_discount() -> None:
    bought = order(delivered_line(quantity=4, unit_price=100), discount=10, discount_minimum=400)
    story, paid_back = given(bought, policy=RECALCULATED), []
    for number in range(4):
        story = story.when(*full_refund(Kind.RETURN, reason=MIND, claim_id=f"claim-{number}"))
        paid_back.append(story.amounts.total)
    assert (sum(paid_back), story.order.lines[0].recharged) == (390, 0)
    assert paid_back[0] == 90
    assert all(abs(amount - 100) <= 1 for amount in paid_back[1:])


def test_an_exchange_that_is_paid_back_loses_the_discount_as_a_return_does() -> None:
    lines = (delivered_line("1", unit_price=10_000), delivered_line("2", unit_price=10_000))
    story = given(order(*lines, discount=4_000, discount_minimum=15_000), policy=RECALCULATED)
    exchange = story.when(request(Kind.EXCHANGE, MIND), *BACK, CONVERT)
    returned = story.when(request(Kind.RETURN, MIND), *BACK)
    assert exchange.amounts.total == returned.amounts.total == 6_000
    assert [bought.recharged for bought in exchange.order.lines] == [0, 2_000]


def test_a_discount_that_was_never_paid_back_is_not_given_back() -> None:
    lines = (delivered_line("1", unit_price=1_000), delivered_line("2", unit_price=20_000))
    story = given(order(*lines, discount=10_500, discount_minimum=20_500), policy=RECALCULATED)
    first = story.when(request(Kind.RETURN, MIND), *BACK, RELEASE).then(buyer_owes=9_500)
    assert first.order.line("2").recharged == 500  # type: ignore[union-attr] # it is there
    first.when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second")).then(total=10_000 + 500)
    settled = story.when(request(Kind.RETURN, MIND), *BACK, pay(9_500))
    assert settled.order.line("2").recharged == 10_000  # type: ignore[union-attr] # the same


def test_a_discount_is_lost_once() -> None:
    lines = (delivered_line(str(number), unit_price=10_000) for number in (1, 2, 3))
    story = given(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED).when(
        *full_refund(Kind.RETURN, {"3": 1}, MIND, "first")
    )
    dear = replace(BLUE, unit_price=20_000)
    units = {"2": 1}
    exchange = request(Kind.EXCHANGE, BROKEN, units, replacement=dear, claim_id="second")
    story = story.when(exchange, APPROVE, receive(units), inspect(units))
    story = story.when(pay(story.amounts.buyer_owes), RESHIP)
    replacement_id = story.order.lines[-1].line_id
    story = story.with_order(lines=tuple(map(deliver, story.order.lines)))
    story = story.when(*full_refund(Kind.RETURN, {replacement_id: 1}, MIND, "third"))
    assert story.amounts.amount_of(StepCode.DISCOUNT_LOST) == 0


def test_what_a_discount_was_never_given_for_does_not_keep_it_once_it_is_exchanged() -> None:
    lines = (*(delivered_line(str(n)) for n in (1, 2)), delivered_line("3", discountable=False))
    story = given(order(*lines, discount=2_000, discount_minimum=20_000), policy=RECALCULATED)
    three = {"3": 1}
    swapped = (APPROVE, receive(three), inspect(three), RESHIP, CONFIRM_DELIVERY)
    exchanged = story.when(request(Kind.EXCHANGE, BROKEN, three, claim_id="first"), *swapped)
    for before in (story, exchanged):
        returned = before.when(request(Kind.RETURN, MIND), *BACK)
        assert returned.amounts.amount_of(StepCode.DISCOUNT_LOST) == -1_000
