"""The value of claimed units and of their replacement to the last unit, with the tax, the line and the count."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.amounts.line_values import LineValue, line_values, remaining_value, value_by_line, value_of_units
from app.engine.model.breakdown import BreakdownStep
from app.engine.model.order import Order, OrderLine, Units
from app.engine.model.vocabulary import Kind, Reason
from tests.engine.commands import APPROVE, BLUE, EXPIRE, RESHIP, inspect, receive, request
from tests.engine.orders import NO_FEES, TOO_LATE, delivered_line, order
from tests.engine.story import Story, given, wait_until

BROKEN = Reason.DEFECTIVE
THREE = {"1": 3}
Row = tuple[str, int, int, str | None, int | None]


def rows(steps: tuple[BreakdownStep, ...]) -> list[Row]:
    return [(each.code, each.amount, each.tax, each.line_id, each.quantity) for each in steps]


def value_of(bought: Order, kind: Kind = Kind.RETURN, units: int = 1, **asked: Any) -> LineValue:
    """The value of line 1 as a new claim sees it."""
    story = given(bought, policy=NO_FEES).when(request(kind, BROKEN, {"1": units}, **asked))
    (value,) = line_values(story.claim, story.order)
    return value


def test_a_unit_is_worth_its_price_less_what_was_paid_back_and_more_what_was_charged_again() -> None:
    """Of 4 units for 39,999, one is settled. 25,000 were paid back for the other three, and 2,000 charged again. The
    two units that stay are worth 19,999 + 1,333, so that 3,668 of what was paid back are for this unit."""
    line = delivered_line(quantity=4, discount=1, tax=3_636, credited=25_000, recharged=2_000, units=Units(returned=1))
    value = value_of(order(line))
    assert rows(value.steps) == [
        ("goods", 10_000, 909, "1", 1),
        ("earlier_credit", -3_668, -333, "1", None),
        ("discount_restored", 667, 61, "1", None),
    ]
    assert (value.amount, value.tax) == (6_999, 637)
    assert (value.carried, value.carried_tax) == (6_999, 637)


def test_what_was_paid_back_stays_with_the_units_that_stay_as_long_as_they_are_worth_it() -> None:
    line = delivered_line(quantity=4, discount=1, credited=21_000, recharged=2_000, units=Units(returned=1))
    assert rows(value_of(order(line)).steps) == [
        ("goods", 10_000, 0, "1", 1),
        ("earlier_credit", 0, 0, "1", None),
        ("discount_restored", 667, 0, "1", None),
    ]


def test_goodwill_for_units_that_were_settled_meanwhile_counts_the_others() -> None:
    line = delivered_line(quantity=3)
    story = given(order(line), policy=NO_FEES).when(request(Kind.REFUND, Reason.GOODWILL, THREE, amount=500))
    story = story.with_order(lines=(replace(line, units=Units(returned=2)),))
    assert value_by_line(story.claim, story.order) == {"1": 10_000}


def test_the_next_units_of_a_line_are_worth_what_the_running_sums_give_them() -> None:
    """Of three units for 27,999 after both discounts, the first was worth 9,333 and had 909 of the tax."""
    line = delivered_line(quantity=3, discount=1, tax=2_728, units=Units(returned=1))
    bought = order(line, discount=2_000)
    assert [value_of_units(line, count, bought) for count in (1, 2)] == [(9_333, 910), (18_666, 1_819)]


def test_what_is_left_of_a_line_is_its_price_less_what_was_paid_back_and_more_what_was_charged_again() -> None:
    line = delivered_line(quantity=2, credited=300, recharged=200, units=Units(returned=1))
    assert remaining_value(line, order(line), {"1": 1_000}) == 20_000 - 1_000 - 9_500 + 200 - 300


@pytest.mark.parametrize(
    ("line", "included", "carried"),
    [
        (delivered_line(quantity=2, tax=1_818), True, (12_000 * 2, 2_182)),
        (delivered_line(quantity=2, tax=1_000), False, (24_000 + 1_200, 1_200)),
        (delivered_line(quantity=2, tax=1_000, tax_rate=1_000), False, (24_000 + 2_400, 2_400)),
        (delivered_line(quantity=2, tax=1_000, tax_rate=0), False, (24_000, 0)),
    ],
    ids=["tax within the price", "tax in proportion", "tax at the rate of the line", "no tax at the rate of the line"],
)
def test_a_replacement_at_a_price_of_its_own_has_the_tax_of_the_line(
    line: OrderLine, *, included: bool, carried: tuple[int, int]
) -> None:
    bought = order(line, prices_include_tax=included)
    value = value_of(bought, Kind.EXCHANGE, 2, replacement=replace(BLUE, unit_price=12_000))
    assert (value.carried, value.carried_tax) == carried
    same = value_of(bought, Kind.EXCHANGE, 2)
    assert (same.carried, same.carried_tax) == (same.amount, same.tax)


def exchange(*lines: OrderLine) -> Story:
    """Every unit of line 1 for a dearer thing, and every unit of the others for the same."""
    units = {each.line_id: each.quantity for each in lines}
    asked = request(Kind.EXCHANGE, BROKEN, units)
    dearer, *same = reversed(asked.lines)
    dearer = replace(dearer, replacement=replace(BLUE, unit_price=12_001))
    policy = replace(NO_FEES, advance_exchange=True)
    return given(order(*lines), policy=policy).when(replace(asked, lines=(*same, dearer)), APPROVE)


def test_the_difference_of_an_exchange_names_the_line_and_its_units_with_the_tax() -> None:
    """What is exchanged for the same makes no step, wherever its line stands."""
    units = {"same": 1, "dear": 3}
    same, dear = delivered_line("same"), delivered_line("dear", quantity=3, discount=1, tax=2_728)
    story = exchange(same, dear).when(receive(units), inspect(units))
    assert rows(story.amounts.steps) == [
        ("goods", 29_999, 2_728, "dear", 3),
        ("replacement", -36_003, -3_274, "dear", 3),
    ]
    assert (story.buyer_owes, story.amounts.tax) == (6_004, 2_728 - 3_274)


def test_goods_that_do_not_come_back_after_their_replacement_was_sent_cost_the_replacement() -> None:
    """One of three came back: the buyer owes the difference for it, and the replacements of the two others."""
    story = exchange(delivered_line(quantity=3, discount=1, tax=2_728)).when(RESHIP, receive())
    story = story.when(wait_until(TOO_LATE), EXPIRE)
    assert rows(story.amounts.steps) == [
        ("goods", 10_000, 909, "1", 1),
        ("replacement", -12_001, -1_091, "1", 1),
        ("kept_goods", -24_002, -2_183, "1", 2),
    ]
    assert story.buyer_owes == 26_003


def test_goods_that_cost_nothing_have_no_value_and_no_tax() -> None:
    assert rows(value_of(order(delivered_line(unit_price=0))).steps) == [("goods", 0, 0, "1", 1)]
