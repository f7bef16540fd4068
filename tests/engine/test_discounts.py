"""An order's discount that asked for a minimum, when less than that is kept."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.money_rules import LostDiscount
from tests.engine.orders import NO_FEES, delivered_line, line, order
from tests.engine.story import Story, full_refund, given

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)


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


def test_kept_by_policy_only_the_share_of_what_comes_back_is_taken_back() -> None:
    assert totals(one_by_one(given(three(), policy=NO_FEES))) == [90, 90, 90]


def test_recalculated_it_is_taken_back_on_what_is_kept_and_given_back_with_it() -> None:
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


def test_units_of_one_line_share_what_was_taken_back() -> None:
    bought = order(delivered_line(quantity=4, unit_price=100), discount=10, discount_minimum=400)
    story, paid_back = given(bought, policy=RECALCULATED), []
    for number in range(4):
        story = story.when(*full_refund(Kind.RETURN, reason=MIND, claim_id=f"claim-{number}"))
        paid_back.append(story.amounts.total)
    assert (sum(paid_back), story.order.lines[0].recharged) == (390, 0)
    assert paid_back[0] == 90
    assert all(abs(amount - 100) <= 1 for amount in paid_back[1:])
