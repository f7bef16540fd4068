"""A change of option before the shipping: units and money of the order sum exactly, and no cure is opened."""

from dataclasses import replace
from itertools import product

import pytest

from app.engine.amounts.line_values import remaining_value, value_of_units
from app.engine.model.claim import Replacement
from app.engine.model.order import Order, OrderLine, Units, without_overtaken
from app.engine.model.vocabulary import Kind, Nature
from app.engine.option_change import price_difference, units_for_another_option, with_option
from app.engine.policy.eligibility import assess
from tests.engine.commands import request
from tests.engine.orders import NOW, deliver, line, order
from tests.engine.story import given

LARGE = Replacement(sku="L")


def worth(of: Order) -> int:
    """The value of all units that were not refunded."""
    shares = of.discount_shares()
    return sum(remaining_value(each, of, shares) for each in of.lines)


def units_to_deliver(of: Order) -> int:
    return sum(each.to_deliver for each in of.lines)


def shirts(quantity: int, cancelled: int, price: int, discount: int, *, with_tax: bool) -> Order:
    shirt = line("1", quantity, price, discount=min(discount, price), tax=price // 11, units=Units(cancelled=cancelled))
    mug = line("2", 3, 777, tax=212)
    return order(shirt, mug, discount=discount, prices_include_tax=with_tax)


@pytest.mark.parametrize("with_tax", [True, False], ids=["tax included", "tax added"])
def test_units_and_money_of_an_order_sum_to_the_same_however_units_change(with_tax: bool) -> None:
    for quantity, cancelled, price, discount in product((1, 2, 3, 5), (0, 1, 2), (1, 7, 333, 10_000), (0, 1, 10, 997)):
        if cancelled >= quantity or discount > price * quantity:
            continue
        bought = shirts(quantity, cancelled, price, discount, with_tax=with_tax)
        for changed in range(1, quantity - cancelled + 1):
            after = with_option(bought, "1", changed, LARGE, "change", 0)
            assert worth(after) == worth(bought)
            assert units_to_deliver(after) == units_to_deliver(bought)
            assert (after.price, after.unpaid) == (bought.price, bought.unpaid)
            again = with_option(after, "change", 1, replace(LARGE, sku="XL"), "second", 0)
            assert worth(again) == worth(bought)
            assert all(each.discount >= 0 and each.tax >= 0 for each in again.lines)


@pytest.mark.parametrize(("with_tax", "difference"), [(True, 2000), (False, 2200)], ids=["tax included", "tax added"])
def test_a_dearer_option_raises_the_value_by_the_difference_that_was_paid(with_tax: bool, difference: int) -> None:
    bought = order(line("1", 2, 10_000, tax=2000, tax_rate=1000), prices_include_tax=with_tax)
    dearer = Replacement(sku="L", unit_price=12_000)
    shirt = bought.lines[0]
    assert price_difference(shirt, 1, dearer, bought) == difference
    for charged in (0, difference):
        after = with_option(bought, "1", 1, dearer, "change", charged)
        assert worth(after) == worth(bought) + charged
        assert value_of_units(after.lines[-1], 1, after)[0] == value_of_units(shirt, 1, bought)[0] + charged
    cheaper = Replacement(sku="S", unit_price=9_000)
    assert price_difference(shirt, 2, cheaper, bought) < 0


def test_the_new_line_has_all_that_the_law_knows_about_the_goods_and_is_no_cure() -> None:
    """An exchange opens further remedies. A change of option before the shipping does not."""
    shirt = line("1", 2, nature=Nature.HYGIENE, parts=3, consumable_cost=5)
    after = with_option(order(shirt), "1", 1, LARGE, "change", 0)
    made = after.lines[-1]
    assert (made.nature, made.parts, made.consumable_cost) == (Nature.HYGIENE, 3, 5)
    assert (made.replaces, made.option_change, made.sent_in_exchange) == ("1", "change", False)
    assert after.first_sent(made) is made
    assert after.original_of(made) is after.lines[0]


def test_a_changed_unit_is_returned_within_the_days_of_any_other_unit() -> None:
    changed = with_option(order(line("1", 2)), "1", 1, LARGE, "change", 0)
    first, made = changed.lines
    delivered = replace(changed, lines=(replace(deliver(replace(first, quantity=1)), quantity=2), deliver(made)))
    for line_id in ("1", "change"):
        story = given(delivered).when(request(Kind.RETURN, units={line_id: 1}))
        window = assess(story.claim, story.facts).window
        assert window is not None
        assert str(window.ends_on) == "2026-06-15"


@pytest.mark.parametrize(
    ("shirt", "free"),
    [
        (line("1", 3), 3),
        (line("1", 3, shipped=1), 2),
        (line("1", 3, units=Units(open_cancel=1)), 2),
        (line("1", 3, units=Units(cancelled=1, changed=1)), 1),
        (line("1", 3, changing=1), 0),
        (line("1", 3, credited=1), 0),
        (line("1", 3, recharged=1), 0),
        (line("1", 3, nature=Nature.CUSTOM_MADE), 0),
    ],
)
def test_only_units_that_are_free_and_not_shipped_can_change(shirt: OrderLine, free: int) -> None:
    assert units_for_another_option(shirt, order(shirt, confirmed_at=NOW)) == free


def test_an_open_change_ends_when_its_units_are_not_free_any_more() -> None:
    waiting = line("1", 3, changing=2)
    for shirt, changing in (
        (waiting, 2),
        (replace(waiting, shipped=1), 2),
        (replace(waiting, shipped=2), 0),
        (replace(waiting, units=Units(open_cancel=2)), 0),
    ):
        assert without_overtaken(shirt).changing == changing
